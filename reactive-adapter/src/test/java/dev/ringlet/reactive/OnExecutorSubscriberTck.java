package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/** A stage that moves signals onto a core, seen by its upstream. */
abstract class OnExecutorSubscriberTck extends ProcessorSubscriberTck {
  OnExecutorSubscriberTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream) {
    return Processors.onExecutor(upstream, on.executor(), DemandOptions.<Integer>batch(4));
  }
}
