package dev.ringlet.reactive;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.reactivestreams.Processor;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A stage as a processor, which is subscribed to its upstream once. What that signals before there
 * is a subscriber waits.
 */
final class AsProcessor<T> implements Processor<T, T> {
  private final CompletableFuture<Subscriber<? super T>> inner = new CompletableFuture<>();
  private final AtomicInteger subscribed = new AtomicInteger();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Publisher<T> stage;
  private final int subscribers;

  /** The signals so far; handed on from signal to signal. */
  private CompletableFuture<Subscriber<? super T>> signals = inner;

  /**
   * Makes a processor.
   *
   * @param subscribers for how many the stage has enough of one subscription to its upstream
   */
  AsProcessor(Function<Publisher<T>, Publisher<T>> stage, int subscribers) {
    this.stage = stage.apply(inner::complete);
    this.subscribers = subscribers;
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber);
    if (subscribed.getAndIncrement() < subscribers) {
      stage.subscribe(noting(subscriber));
    } else {
      new ManualUpstream<T>().subscribe(subscriber);
      subscriber.onError(new IllegalStateException("the test's processor has no subscriber more"));
    }
  }

  /** Tells the processor of the subscription; that does not keep the subscriber. */
  private Subscriber<T> noting(Subscriber<? super T> subscriber) {
    return new Forwarding<T, T>(subscriber) {
      @Override
      public void onSubscribe(Subscription given) {
        subscriptions.add(given);
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
    subscriptions.forEach(Subscription::cancel);
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
