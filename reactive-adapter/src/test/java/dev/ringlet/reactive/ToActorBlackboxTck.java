package dev.ringlet.reactive;

import org.reactivestreams.Subscriber;

/** The subscriber of an actor that acknowledges each element, seen from outside. */
abstract class ToActorBlackboxTck extends BlackboxTck<Integer> {
  ToActorBlackboxTck(String driver) {
    super(driver);
  }

  @Override
  Subscriber<Integer> subscriber(TestSystem on) {
    return Subscribers.toActor(
        on.executor(),
        on.spawnForTest(() -> new Reader<Integer>()),
        Reader.Arrived<Integer>::new,
        DemandOptions.<Integer>acknowledged(1));
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
