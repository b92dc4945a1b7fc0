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
final class StageSource<T> {
  private final Supplier<? extends CompletionStage<? extends T>> supplier;
  private final DemandOptions<T> options;
  private final Discard<T> discard;

  /** Of the stage that was given last. */
  private @Nullable StageWait<T> last;

  StageSource(Supplier<? extends CompletionStage<? extends T>> supplier, DemandOptions<T> options) {
    this.supplier = supplier;
    this.options = options;
    this.discard = options.discard();
  }

  /** Makes the actor of one subscription. */
  TransferActor<T> actorOf(ActorSubscription<T> subscription) {
    Outcome outcome = new Outcome();
    return new TransferActor<>(outcome, options.withDiscard(outcome::giveBack), subscription);
  }

  private StageWait<T> waitFor(
      CompletionStage<? extends T> stage, Subscriber<? super T> subscriber) {
    StageWait<T> known = last;
    if (known != null && known.add(stage, subscriber)) {
      return known;
    }
    StageWait<T> made = new StageWait<>(stage, subscriber, discard);
    last = made;
    return made;
  }

  /** What one subscription has of it. Owner executor, but for what is marked. */
  private final class Outcome implements Publisher<T>, Subscription {
    /** Null once it has cancelled. */
    private @Nullable Subscriber<? super T> subscriber;

    /** Null before the first request; written before the value can come. */
    private @Nullable StageWait<T> wait;

    @Override
    public void subscribe(Subscriber<? super T> inlet) {
      subscriber = inlet;
      inlet.onSubscribe(this);
    }

    /** Any thread, after the value has come. */
    void giveBack(T value) {
      Objects.requireNonNull(wait).giveBack(value);
    }

    @Override
    public void request(long count) {
      if (subscriber != null && wait == null) {
        CompletionStage<? extends T> stage =
            Objects.requireNonNull(supplier.get(), "the supplier of the stage gave null");
        StageWait<T> found = waitFor(stage, subscriber);
        wait = found;
        found.begin();
      }
    }

    /** The stage itself belongs to whoever made it. */
    @Override
    public void cancel() {
      StageWait<T> left = wait;
      if (subscriber != null && left != null) {
        left.remove(subscriber);
      }
      subscriber = null;
    }
  }
}
