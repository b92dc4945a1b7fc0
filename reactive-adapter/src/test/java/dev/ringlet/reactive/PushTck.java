package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/** A publisher that a thread of its own pushes into. */
abstract class PushTck extends SingleSubscriberTck<Long> {
  private static final int CAPACITY = 16;

  PushTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    return Pushed.numbers(on, CAPACITY, elements);
  }

  @Override
  public Publisher<Long> createFailedPublisher() {
    PushPublisher<Long> source = Pushed.empty(driver().system(), PushOptions.bounded(CAPACITY));
    source.fail(new RuntimeException("made by the test"));
    return source;
  }
}
