package dev.ringlet.reactive;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The upstream of a {@link TransferActor}, which does what else the rules ask: signals the outcome
 * of a stage, from whoever completes it. A value that comes after a cancel is signalled too, so
 * that it is given back there.
 */
final class StagePublisher<T> implements Publisher<T> {
  private final Supplier<? extends CompletionStage<? extends T>> supplier;

  StagePublisher(Supplier<? extends CompletionStage<? extends T>> supplier) {
    this.supplier = supplier;
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    subscriber.onSubscribe(new Outcome(subscriber));
  }

  private final class Outcome implements Subscription {
    private final Subscriber<? super T> subscriber;
    private final AtomicBoolean started = new AtomicBoolean();

    Outcome(Subscriber<? super T> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      if (started.compareAndSet(false, true)) {
        CompletionStage<? extends T> stage =
            Objects.requireNonNull(supplier.get(), "the supplier of the stage gave null");
        var unused = stage.whenComplete(this::signal);
      }
    }

    private void signal(@Nullable T value, @Nullable Throwable failure) {
      if (failure != null) {
        subscriber.onError(causeOf(failure));
        return;
      }
      if (value != null) {
        subscriber.onNext(value);
      }
      subscriber.onComplete();
    }

    @Override
    public void cancel() {
      // The stage belongs to whoever made it.
    }
  }

  /** Stages that depend on others wrap what those have failed with. */
  private static Throwable causeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
