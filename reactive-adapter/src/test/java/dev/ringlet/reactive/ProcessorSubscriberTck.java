package dev.ringlet.reactive;

import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * The subscriber's side of a processor against the TCK; the processor's own subscriber wants all.
 */
abstract class ProcessorSubscriberTck extends BlackboxTck<Integer> {
  ProcessorSubscriberTck(String driver) {
    super(driver);
  }

  /** Makes the processor whose subscriber is under test. */
  abstract Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream);

  @Override
  final Subscriber<Integer> subscriber(TestSystem on) {
    CompletableFuture<Subscriber<? super Integer>> inner = new CompletableFuture<>();
    Probe<Integer> probe = Probe.greedy();
    processor(on, inner::complete).subscribe(probe);
    on.atEndOfTest(() -> probe.awaitSubscription().cancel());
    @SuppressWarnings("unchecked") // the processor's own subscriber takes no other elements
    Subscriber<Integer> subscriber = (Subscriber<Integer>) TestSystem.get(inner);
    return subscriber;
  }

  @Override
  public final Integer createElement(int element) {
    return element;
  }
}
