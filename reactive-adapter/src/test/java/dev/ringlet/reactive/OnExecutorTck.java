package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/** A stage that moves signals onto a core, seen by its subscriber. */
abstract class OnExecutorTck extends ProcessorTck<Integer> {
  OnExecutorTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream) {
    return Processors.onExecutor(upstream, on.executor(), DemandOptions.<Integer>batch(8));
  }
}
