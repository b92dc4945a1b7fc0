package dev.ringlet.reactive;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Who is forgotten after the end of a stream, though others keep what they have of it; for each
 * kind of publisher and on any driver.
 */
abstract class ReferenceRulesContract extends DriverContract {
  ReferenceRulesContract(String driver) {
    super(driver);
  }

  @ParameterizedTest
  @EnumSource
  void spec313_subscriberIsForgottenAfterACancel(PublisherKind kind) {
    Publisher<?> publisher = kind.numbers(system, 1_000);
    Kept kept = cancelled(publisher);
    awaitForgotten(kept.subscriber(), kept.subscription(), publisher);
  }

  private static Kept cancelled(Publisher<?> publisher) {
    Watcher<Object> watcher = new Watcher<>();
    publisher.subscribe(watcher);
    watcher.awaitSubscription().request(1);
    watcher.awaitCount(1);
    watcher.subscription().cancel();
    return new Kept(new WeakReference<>(watcher), watcher.subscription());
  }

  @ParameterizedTest
  @EnumSource
  void spec313_subscriberIsForgottenAfterTheEnd(PublisherKind kind) {
    Publisher<?> publisher = kind.numbers(system, 10);
    Kept kept = completed(publisher);
    awaitForgotten(kept.subscriber(), kept.subscription(), publisher);
  }

  private static Kept completed(Publisher<?> publisher) {
    Watcher<Object> watcher = new Watcher<>();
    publisher.subscribe(watcher);
    watcher.awaitSubscription().request(Long.MAX_VALUE);
    watcher.awaitEnd();
    return new Kept(new WeakReference<>(watcher), watcher.subscription());
  }

  /** Else every stream of a long-lived system would cost memory for good. */
  @ParameterizedTest
  @EnumSource
  void subscriptionIsForgottenByTheSystem(PublisherKind kind) {
    WeakReference<?> subscription =
        new WeakReference<>(cancelled(kind.numbers(system, 1_000)).subscription());
    awaitForgotten(subscription, system);
  }

  @ParameterizedTest
  @EnumSource
  void spec313_upstreamIsForgottenAfterACancel(ProcessorKind kind) {
    AtomicReference<WeakReference<?>> upstream = new AtomicReference<>();
    CompletableFuture<Void> subscribed = new CompletableFuture<>();
    Publisher<Long> processor =
        kind.of(
            system,
            subscriber -> {
              Subscription given = new ManualUpstream<Long>();
              upstream.set(new WeakReference<>(given));
              subscriber.onSubscribe(given);
              subscribed.complete(null);
            });
    Watcher<Object> watcher = new Watcher<>();
    processor.subscribe(watcher);
    TestSystem.get(subscribed);
    watcher.awaitSubscription().request(1);
    watcher.subscription().cancel();
    awaitForgotten(upstream.get(), watcher, processor);
  }

  /** An upstream that keeps its subscriber for ever keeps no more than that. */
  @ParameterizedTest
  @EnumSource
  void spec313_subscriberIsForgottenThoughTheUpstreamKeepsItsOwn(ProcessorKind kind) {
    AtomicReference<Subscriber<?>> inner = new AtomicReference<>();
    ManualUpstream<Long> upstream = new ManualUpstream<>();
    WeakReference<?> subscriber =
        cancelled(
            upstream,
            kind.of(
                system,
                given -> {
                  inner.set(given);
                  upstream.subscribe(given);
                }));
    upstream.awaitCancel();
    awaitForgotten(subscriber, inner.get(), upstream);
  }

  private static WeakReference<?> cancelled(
      ManualUpstream<Long> upstream, Publisher<Long> processor) {
    Watcher<Object> watcher = new Watcher<>();
    processor.subscribe(watcher);
    watcher.awaitSubscription().request(1);
    upstream.awaitRequested(1);
    watcher.subscription().cancel();
    return new WeakReference<>(watcher);
  }

  /** While the test keeps what else belongs to the stream. */
  private static void awaitForgotten(WeakReference<?> reference, Object... kept) {
    try {
      TestSystem.awaitUntil(
          () -> {
            System.gc();
            return reference.get() == null;
          });
    } finally {
      Reference.reachabilityFence(kept);
    }
  }

  private record Kept(WeakReference<?> subscriber, Subscription subscription) {}
}
