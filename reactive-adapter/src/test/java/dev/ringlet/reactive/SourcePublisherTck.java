package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import org.reactivestreams.Publisher;

/** A publisher over source actors against the TCK. */
abstract class SourcePublisherTck extends PublisherTck<Long> {
  SourcePublisherTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    return Publishers.of(
        on.executor(), sink -> new Counting(sink, elements), ActorOptions.defaults());
  }
}
