package dev.ringlet.benchmarks.reactive;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Counts what it gets, as StepVerifier does; asks for all at once, or batch by batch. */
class Counter<T> implements CoreSubscriber<T> {
  /** All at once. */
  static final int UNLIMITED = 0;

  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private final int batch;
  private @Nullable Subscription subscription;
  private long count;
  private int left;

  Counter(int batch) {
    this.batch = batch;
  }

  /** Subscribes, and waits for the end. */
  static <T> long drain(Publisher<T> publisher, Counter<? super T> counter) {
    publisher.subscribe(counter);
    return counter.done.orTimeout(1, TimeUnit.MINUTES).join();
  }

  @Override
  public final void onSubscribe(Subscription given) {
    subscription = given;
    left = batch;
    given.request(batch == UNLIMITED ? Long.MAX_VALUE : batch);
  }

  @Override
  public final void onNext(T element) {
    count++;
    take(element);
    if (--left == 0) {
      left = batch;
      Objects.requireNonNull(subscription).request(batch);
    }
  }

  /** What is done with an element; nothing. */
  void take(T element) {}

  @Override
  public final void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public final void onComplete() {
    done.complete(count);
  }
}
