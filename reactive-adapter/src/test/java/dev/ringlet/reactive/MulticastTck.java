package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/** A publisher for several subscribers, seen by them; the tests of rule 1.11 run too. */
abstract class MulticastTck extends ProcessorTck<Integer> {
  private final MulticastOptions<Integer> options;

  MulticastTck(String driver, MulticastOptions<Integer> options) {
    super(driver);
    this.options = options;
  }

  @Override
  Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream) {
    return Processors.multicast(upstream, on.executor(), options);
  }
}
