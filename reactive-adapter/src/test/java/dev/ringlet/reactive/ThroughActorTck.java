package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/** An actor that transforms a stream and acknowledges its elements, seen by its subscriber. */
abstract class ThroughActorTck extends ProcessorTck<Integer> {
  ThroughActorTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream) {
    return Processors.throughActor(
        upstream, on.executor(), Passing<Integer>::new, DemandOptions.<Integer>acknowledged(4));
  }
}
