package dev.ringlet.reactive;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Writes down every signal; a test overrides what it wants to do more. */
class Probe<T> implements Subscriber<T> {
  final List<T> elements = new CopyOnWriteArrayList<>();
  private volatile Subscription subscription;
  private volatile Throwable failure;
  private volatile boolean completed;

  /** One that asks for all at once. */
  static <T> Probe<T> greedy() {
    return greedy(element -> {});
  }

  /** One that asks for all at once, and does something with each element. */
  static <T> Probe<T> greedy(Consumer<? super T> onNext) {
    return new Probe<>() {
      @Override
      public void onSubscribe(Subscription given) {
        super.onSubscribe(given);
        given.request(Long.MAX_VALUE);
      }

      @Override
      public void onNext(T element) {
        super.onNext(element);
        onNext.accept(element);
      }
    };
  }

  /** One that does something with each element and, by its subscription, with the stream. */
  static <T> Probe<T> acting(BiConsumer<? super T, Subscription> onNext) {
    return new Probe<>() {
      @Override
      public void onNext(T element) {
        super.onNext(element);
        onNext.accept(element, awaitSubscription());
      }
    };
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
  }

  @Override
  public void onNext(T element) {
    elements.add(element);
  }

  @Override
  public void onError(Throwable given) {
    failure = given;
  }

  @Override
  public void onComplete() {
    completed = true;
  }

  Subscription awaitSubscription() {
    TestSystem.awaitUntil(() -> subscription != null);
    return subscription;
  }

  Throwable awaitFailure() {
    TestSystem.awaitUntil(() -> failure != null);
    return failure;
  }

  void awaitElements(int count) {
    TestSystem.awaitUntil(() -> elements.size() >= count);
  }

  /** Whether the end was a regular one. */
  boolean hasCompleted() {
    return completed && failure == null;
  }

  /** Whether a terminal signal has come. */
  boolean hasEnded() {
    return completed || failure != null;
  }
}
