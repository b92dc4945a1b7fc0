package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/** A publisher for several subscribers, seen by its upstream. */
abstract class MulticastSubscriberTck extends ProcessorSubscriberTck {
  MulticastSubscriberTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream) {
    return Processors.multicast(upstream, on.executor(), MulticastOptions.<Integer>slowest(4));
  }
}
