package dev.ringlet.reactive;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The upstream of a {@link TransferActor}, which does what else the rules ask: signals the outcome
 * of a stage, from whoever completes it.
 *
 * <p>Subscribers of one stage share what depends on it, since a stage cannot be left: whatever
 * waits for one that never ends waits for ever, and must not keep those that have cancelled. Owner
 * executor, since only actors of one executor subscribe, ask and cancel.
 */
final class StagePublisher<T> implements Publisher<T> {
  private final Supplier<? extends CompletionStage<? extends T>> supplier;
  private final Discard<T> discard;

  /** Of the stage that was given last. */
  private @Nullable StageWait<T> last;

  StagePublisher(
      Supplier<? extends CompletionStage<? extends T>> supplier, DemandOptions<T> options) {
    this.supplier = supplier;
    this.discard = options.discard();
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    subscriber.onSubscribe(new Outcome(subscriber));
  }

  private StageWait<T> waitFor(
      CompletionStage<? extends T> stage, Subscriber<? super T> subscriber) {
    StageWait<T> known = last;
    if (known != null && known.add(stage, subscriber)) {
      return known;
    }
    StageWait<T> made = new StageWait<>(stage, subscriber, discard);
    var unused = stage.whenComplete(made);
    last = made;
    return made;
  }

  /** Owner executor. */
  private final class Outcome implements Subscription {
    /** Null once it has cancelled. */
    private @Nullable Subscriber<? super T> subscriber;

    /** Null before the first request. */
    private @Nullable StageWait<T> wait;

    Outcome(Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      if (subscriber != null && wait == null) {
        CompletionStage<? extends T> stage =
            Objects.requireNonNull(supplier.get(), "the supplier of the stage gave null");
        wait = waitFor(stage, subscriber);
      }
    }

    /** The stage itself belongs to whoever made it. */
    @Override
    public void cancel() {
      if (subscriber != null && wait != null) {
        wait.remove(subscriber);
      }
      subscriber = null;
    }
  }
}
