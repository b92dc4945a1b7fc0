package dev.ringlet.reactive;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * The publisher's side of a processor against the TCK; the upstream signals on a thread of its own.
 */
abstract class ProcessorTck<R> extends PublisherTck<R> {
  ProcessorTck(String driver) {
    super(driver);
  }

  /** Makes the processor under test, which has as many elements as its upstream. */
  abstract Publisher<R> processor(TestSystem on, Publisher<Integer> upstream);

  @Override
  final Publisher<R> publisher(TestSystem on, long elements) {
    return processor(on, Flux.range(0, (int) elements).publishOn(Schedulers.single()));
  }

  @Override
  public final Publisher<R> createFailedPublisher() {
    return processor(driver().system(), Flux.error(new RuntimeException("made by the test")));
  }
}
