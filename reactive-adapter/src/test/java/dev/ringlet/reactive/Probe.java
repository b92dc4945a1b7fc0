package dev.ringlet.reactive;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    return new Probe<>() {
      @Override
      public void onSubscribe(Subscription given) {
        super.onSubscribe(given);
        given.request(Long.MAX_VALUE);
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
