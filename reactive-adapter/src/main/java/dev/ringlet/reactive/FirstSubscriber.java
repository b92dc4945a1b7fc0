package dev.ringlet.reactive;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Completes a future with the first element; cancels when that or something else completes it. */
final class FirstSubscriber<T> implements Subscriber<T> {
  /** Takes the place of the subscription once nothing may be asked of it any more. */
  private static final Subscription NONE =
      new Subscription() {
        @Override
        public void request(long count) {
          throw new AssertionError("nothing is asked for");
        }

        @Override
        public void cancel() {
          throw new AssertionError("nothing is cancelled");
        }
      };

  private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();
  private final CompletableFuture<@Nullable T> first = new CompletableFuture<>();
  private final Discard<T> discard;

  FirstSubscriber(Discard<T> discard) {
    this.discard = discard;
    var unused = first.whenComplete((value, failure) -> cancel());
  }

  /** An upstream that throws from that fails the future, which cancels what it may have begun. */
  void subscribeTo(Publisher<T> publisher) {
    try {
      publisher.subscribe(this);
    } catch (Throwable thrown) {
      Fatal.rethrow(thrown);
      boolean unused = first.completeExceptionally(thrown);
    }
  }

  CompletableFuture<@Nullable T> first() {
    return first;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription (Reactive Streams rule 2.13)");
    if (upstream.compareAndSet(null, subscription)) {
      try {
        subscription.request(1);
      } catch (Throwable thrown) { // rule 3.16
        boolean unused = first.completeExceptionally(thrown);
      }
    } else {
      // Rule 2.5, or the future was cancelled before.
      subscription.cancel();
    }
  }

  @Override
  public void onNext(T element) {
    Objects.requireNonNull(element, "element (Reactive Streams rule 2.13)");
    // Before the future is complete: what depends on it may take long.
    cancel();
    if (!first.complete(element)) {
      discard.accept(element);
    }
  }

  @Override
  public void onError(Throwable failure) {
    Objects.requireNonNull(failure, "failure (Reactive Streams rule 2.13)");
    upstream.set(NONE);
    boolean unused = first.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    upstream.set(NONE);
    boolean unused = first.complete(null);
  }

  private void cancel() {
    Subscription subscription = upstream.getAndSet(NONE);
    if (subscription != null && subscription != NONE) {
      subscription.cancel();
    }
  }
}
