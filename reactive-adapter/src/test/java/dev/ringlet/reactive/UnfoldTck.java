package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/** A publisher that unfolds a seed. */
abstract class UnfoldTck extends PublisherTck<Long> {
  UnfoldTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    return Publishers.unfold(
        on.executor(), 0L, next -> next < elements ? new Unfolded<>(next, next + 1) : null);
  }
}
