package dev.ringlet.reactive;

import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The subscriber's side of a processor against the TCK; the processor's own subscriber tells the
 * probe, and asks and cancels as it says.
 */
abstract class ProcessorSubscriberTck extends WhiteboxTck<Integer> {
  ProcessorSubscriberTck(String driver) {
    super(driver);
  }

  /** Makes the processor whose subscriber is under test; it publishes what it gets. */
  abstract Publisher<Integer> processor(TestSystem on, Publisher<Integer> upstream);

  @Override
  final Subscriber<Integer> subscriber(TestSystem on, WhiteboxSubscriberProbe<Integer> probe) {
    CompletableFuture<Subscriber<? super Integer>> inner = new CompletableFuture<>();
    Teller teller = new Teller(probe);
    processor(on, inner::complete).subscribe(teller);
    on.atEndOfTest(() -> teller.awaitSubscription().cancel());
    @SuppressWarnings("unchecked") // the processor's own subscriber takes no other elements
    Subscriber<Integer> subscriber = (Subscriber<Integer>) TestSystem.get(inner);
    return subscriber;
  }

  @Override
  public final Integer createElement(int element) {
    return element;
  }

  private static final class Teller extends Probe<Integer> {
    private final WhiteboxSubscriberProbe<Integer> probe;

    Teller(WhiteboxSubscriberProbe<Integer> probe) {
      this.probe = probe;
    }

    @Override
    public void onSubscribe(Subscription given) {
      super.onSubscribe(given);
      probe.registerOnSubscribe(
          new SubscriberPuppet() {
            @Override
            public void triggerRequest(long elements) {
              given.request(elements);
            }

            @Override
            public void signalCancel() {
              given.cancel();
            }
          });
    }

    @Override
    public void onNext(Integer element) {
      probe.registerOnNext(element);
    }

    @Override
    public void onError(Throwable failure) {
      probe.registerOnError(failure);
    }

    @Override
    public void onComplete() {
      probe.registerOnComplete();
    }
  }
}
