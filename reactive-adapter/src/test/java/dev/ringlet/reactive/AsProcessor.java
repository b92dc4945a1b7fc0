package dev.ringlet.reactive;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reactivestreams.Processor;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A stage as a processor, for one subscriber. What the upstream signals before there is one waits.
 */
final class AsProcessor<T> implements Processor<T, T> {
  private final CompletableFuture<Subscriber<? super T>> inner = new CompletableFuture<>();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final Publisher<T> stage;

  /** The signals so far; handed on from signal to signal. */
  private CompletableFuture<Subscriber<? super T>> signals = inner;

  private volatile Subscription subscription;

  AsProcessor(Function<Publisher<T>, Publisher<T>> stage) {
    this.stage = stage.apply(inner::complete);
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber);
    if (subscribed.compareAndSet(false, true)) {
      stage.subscribe(noting(subscriber));
    } else {
      new ManualUpstream<T>().subscribe(subscriber);
      subscriber.onError(new IllegalStateException("the test's processor has one subscriber"));
    }
  }

  /** Tells the processor of the subscription; that does not keep the subscriber. */
  private Subscriber<T> noting(Subscriber<? super T> subscriber) {
    return new Forwarding<T, T>(subscriber) {
      @Override
      public void onSubscribe(Subscription given) {
        subscription = given;
        super.onSubscribe(given);
      }

      @Override
      public void onNext(T element) {
        target.onNext(element);
      }
    };
  }

  /** Ends it, if it has begun. */
  void cancel() {
    if (subscribed.get()) {
      TestSystem.awaitUntil(() -> subscription != null);
      subscription.cancel();
    }
  }

  @Override
  public void onSubscribe(Subscription given) {
    Objects.requireNonNull(given);
    signals = signals.whenComplete((target, none) -> target.onSubscribe(given));
  }

  @Override
  public void onNext(T element) {
    Objects.requireNonNull(element);
    signals = signals.whenComplete((target, none) -> target.onNext(element));
  }

  @Override
  public void onError(Throwable failure) {
    Objects.requireNonNull(failure);
    signals = signals.whenComplete((target, none) -> target.onError(failure));
  }

  @Override
  public void onComplete() {
    signals = signals.whenComplete((target, none) -> target.onComplete());
  }
}
