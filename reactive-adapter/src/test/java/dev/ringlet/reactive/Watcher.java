package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A subscriber of the numbers from 0 that writes down every rule a publisher breaks. Elements count
 * as the numbers that they print as. A test overrides what it wants to do more.
 */
class Watcher<T> implements Subscriber<T> {
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong requested = new AtomicLong();
  private final AtomicLong count = new AtomicLong();
  private volatile Subscription subscription;
  private volatile Throwable failure;
  private volatile boolean completed;

  @Override
  public final void onSubscribe(Subscription given) {
    if (subscription != null) {
      broke("a second onSubscribe");
    }
    subscription = given;
    signal("onSubscribe", this::subscribed);
  }

  @Override
  public final void onNext(T element) {
    long number = count.getAndIncrement();
    if (number >= requested.get()) {
      broke("rule 1.1: more than the " + requested + " requested");
    }
    if (!isExpected(element, number)) {
      broke(element + " came as element " + number);
    }
    signal("onNext", this::next);
  }

  @Override
  public final void onError(Throwable given) {
    signal("onError", () -> failure = given);
  }

  @Override
  public final void onComplete() {
    signal("onComplete", () -> completed = true);
  }

  /** What a test does more in onSubscribe. */
  void subscribed() {}

  /** What a test does more in onNext. */
  void next() {}

  /** Whether the element may come as that one; elements of several threads have another order. */
  boolean isExpected(T element, long number) {
    return element.toString().equals(Long.toString(number));
  }

  private void signal(String name, Runnable body) {
    if (inside.getAndIncrement() != 0) {
      broke("rule 1.3: " + name + " within another signal");
    }
    if (subscription == null) {
      broke("rule 1.9: " + name + " before onSubscribe");
    }
    if (hasEnded()) {
      broke("rule 1.7: " + name + " after the end");
    }
    try {
      body.run();
    } finally {
      inside.decrementAndGet();
    }
  }

  private void broke(String what) {
    if (broken.size() < 10) {
      broken.add(what);
    }
  }

  /** Asks for more; from any thread. */
  final void request(long more) {
    requested.accumulateAndGet(Math.max(0, more), Demand::saturatedSum);
    subscription.request(more);
  }

  final Watcher<T> awaitSubscription() {
    TestSystem.awaitUntil(() -> subscription != null);
    return this;
  }

  final Subscription subscription() {
    return subscription;
  }

  final void awaitCount(long elements) {
    TestSystem.awaitUntil(() -> count.get() >= elements);
  }

  final long count() {
    return count.get();
  }

  final void awaitEnd() {
    TestSystem.awaitUntil(this::hasEnded);
  }

  final boolean hasEnded() {
    return completed || failure != null;
  }

  final Throwable failure() {
    return failure;
  }

  /** The end was a regular one, behind as many elements. */
  final void assertCompleted(long elements) {
    assertKeptRules();
    assertNull(failure);
    assertEquals(elements, count.get());
    assertTrue(completed);
  }

  final void assertKeptRules() {
    assertEquals(List.of(), broken);
  }
}
