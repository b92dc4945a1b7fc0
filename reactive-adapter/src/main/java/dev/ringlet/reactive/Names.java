package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import java.util.concurrent.atomic.AtomicLong;

/** Names of the actors that serve streams. Any thread. */
final class Names {
  /** Numbers the actors of all streams, since two may be given the same name. */
  private static final AtomicLong NUMBERS = new AtomicLong();

  private Names() {}

  /** The name that the options give, or else the kind. */
  static String of(ActorOptions options, String kind) {
    String name = options.name();
    return name != null ? name : kind;
  }

  /** The options with a name that no other actor of a stream has. */
  static ActorOptions numbered(ActorOptions options, String name) {
    return options.withName(name + "-" + NUMBERS.incrementAndGet());
  }
}
