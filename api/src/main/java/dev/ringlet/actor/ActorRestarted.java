package dev.ringlet.actor;

import java.util.Objects;

/**
 * An actor has got a new instance after a failure, which starts next. Immutable.
 *
 * @param actor the path of the actor
 */
public record ActorRestarted(String actor) implements SystemEvent {
  /** Checks the value. */
  public ActorRestarted {
    Objects.requireNonNull(actor, "actor");
  }
}
