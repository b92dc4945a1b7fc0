package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A stage that moves signals onto a core. */
final class OnExecutorTest extends SystemTest {
  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final List<Integer> givenBack = new CopyOnWriteArrayList<>();
  private final Probe<Integer> probe = new Probe<>();

  @Test
  void elementsOfAnotherThreadComeInOrderOnTheExecutor() {
    Flux<Integer> source = Flux.range(0, 100_000).publishOn(Schedulers.single());
    StepVerifier.create(
            Flux.from(onExecutor(source, 64))
                .filter(element -> system.executor().isCurrent())
                .collectList())
        .expectNext(IntStream.range(0, 100_000).boxed().toList())
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void upstreamIsAskedAheadOfTheSubscriberAndNotBeforeIt() {
    onExecutor(upstream, 8).subscribe(probe);
    Subscription subscription = probe.awaitSubscription();
    TestSystem.get(CompletableFuture.runAsync(() -> {}, system.executor()));
    assertTrue(upstream.requests.isEmpty());
    subscription.request(1);
    upstream.awaitRequested(8);
    upstream.send(0, 1, 2, 3, 4, 5, 6, 7);
    probe.awaitElements(1);
    subscription.request(4);
    probe.awaitElements(5);
    assertEquals(List.of(8L), upstream.requests);
    subscription.request(1);
    upstream.awaitRequested(14);
    assertEquals(List.of(8L, 6L), upstream.requests);
    assertEquals(List.of(0, 1, 2, 3, 4, 5), probe.elements);
    subscription.cancel();
  }

  @Test
  void endComesBehindTheElementsAndNeedsNoDemand() {
    onExecutor(upstream, 8).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    upstream.send(0, 1);
    upstream.complete();
    probe.awaitElements(1);
    assertFalse(probe.hasEnded());
    probe.awaitSubscription().request(1);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(0, 1), probe.elements);
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void failureOfTheUpstreamIsPassedOn() {
    RuntimeException failure = new RuntimeException("made by the test");
    onExecutor(Flux.range(0, 10).concatWith(Flux.error(failure)), 4).subscribe(probe);
    probe.awaitSubscription().request(100);
    assertSame(failure, probe.awaitFailure());
    assertEquals(10, probe.elements.size());
  }

  @Test
  void subscriberRunsInThePriorityClassOfTheOptions() {
    PriorityClass urgent = new PriorityClass("urgent", Shares.of(500), Latency.notImportant());
    long before = runNanosOf("urgent");
    StepVerifier.create(
            Flux.from(
                    Processors.onExecutor(
                        Flux.range(0, 1_000),
                        system.executor(),
                        DemandOptions.<Integer>batch(16)
                            .withActor(ActorOptions.named("in-class").withPriorityClass(urgent))))
                .then())
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    TestSystem.awaitUntil(() -> runNanosOf("urgent") > before);
  }

  private static long runNanosOf(String priorityClass) {
    return system.executor().stats().taskQueues().stream()
        .filter(queue -> queue.priorityClass().name().equals(priorityClass))
        .mapToLong(queue -> queue.runNanos())
        .sum();
  }

  @Test
  void cancelGivesBackWhatWaits() {
    onExecutor(upstream, 8).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    upstream.send(0, 1, 2);
    probe.awaitElements(1);
    probe.awaitSubscription().cancel();
    upstream.awaitCancel();
    system.awaitQuiescence();
    upstream.send(3);
    assertEquals(List.of(1, 2, 3), givenBack.stream().sorted().toList());
    assertEquals(List.of(0), probe.elements);
  }

  /** Upstream and cancel on threads of their own; each element goes one way. */
  @Test
  void nothingIsLostWhenTheSubscriberCancelsAtAnyMoment() {
    for (int round = 0; round < 100; round++) {
      AtomicInteger given = new AtomicInteger();
      AtomicInteger back = new AtomicInteger();
      AtomicInteger taken = new AtomicInteger();
      int last = round * 5;
      StepVerifier.create(
              Flux.from(
                      Processors.onExecutor(
                          // Its queue is given back by its own hook.
                          Flux.range(0, 100_000)
                              .publishOn(Schedulers.single(), 1)
                              .doOnNext(element -> given.incrementAndGet()),
                          system.executor(),
                          DemandOptions.<Integer>batch(8)
                              .withDiscard(element -> back.incrementAndGet())))
                  .doOnNext(element -> taken.incrementAndGet())
                  .takeUntil(element -> element == last)
                  .then())
          .expectComplete()
          .verify(TestSystem.PATIENCE);
      system.awaitQuiescence();
      assertEquals(last + 1, taken.get());
      TestSystem.awaitUntil(() -> given.get() == taken.get() + back.get());
    }
  }

  @Test
  void spec101_upstreamThatGivesMoreThanWasAskedForIsCancelled() {
    onExecutor(upstream, 4).subscribe(probe);
    probe.awaitSubscription().request(2);
    upstream.awaitRequested(4);
    // On the executor, so that nobody looks meanwhile.
    TestSystem.get(
        CompletableFuture.runAsync(() -> upstream.send(0, 1, 2, 3, 4, 5), system.executor()));
    probe.awaitSubscription().request(10);
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    upstream.awaitCancel();
    assertEquals(List.of(0, 1, 2, 3), probe.elements);
    assertEquals(List.of(4, 5), givenBack);
  }

  @Test
  void spec107_nothingComesBehindTheEnd() {
    onExecutor(upstream, 4).subscribe(probe);
    probe.awaitSubscription().request(4);
    upstream.awaitRequested(4);
    upstream.send(0);
    upstream.complete();
    upstream.send(1);
    upstream.fail(new RuntimeException("made by the test"));
    TestSystem.awaitUntil(probe::hasCompleted);
    system.awaitQuiescence();
    assertTrue(probe.hasCompleted());
    assertEquals(List.of(0), probe.elements);
    assertEquals(List.of(1), givenBack);
  }

  @Test
  void spec303_longSynchronousUpstreamDoesNotRecurse() {
    StepVerifier.create(Flux.from(onExecutor(Flux.range(0, 200_000), 1)).limitRate(1).count())
        .expectNext(200_000L)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void spec307_cancelReachesTheUpstreamOnce() {
    onExecutor(upstream, 4).subscribe(probe);
    Subscription subscription = probe.awaitSubscription();
    subscription.request(1);
    upstream.awaitRequested(4);
    subscription.cancel();
    subscription.cancel();
    upstream.awaitCancel();
    system.awaitQuiescence();
    subscription.cancel();
    assertEquals(1, upstream.cancels.get());
  }

  @Test
  void spec309_requestZeroCancelsTheUpstreamAndFails() {
    onExecutor(upstream, 4).subscribe(probe);
    probe.awaitSubscription().request(0);
    Throwable failure = probe.awaitFailure();
    assertInstanceOf(IllegalArgumentException.class, failure);
    assertTrue(failure.getMessage().contains("3.9"), failure.getMessage());
    upstream.awaitCancel();
  }

  @Test
  void spec313_subscriberIsForgottenAfterACancel() {
    WeakReference<Probe<Integer>> dropped = cancelled();
    TestSystem.awaitUntil(
        () -> {
          System.gc();
          return dropped.get() == null;
        });
  }

  private WeakReference<Probe<Integer>> cancelled() {
    Probe<Integer> gone = new Probe<>();
    onExecutor(upstream, 4).subscribe(gone);
    gone.awaitSubscription().request(1);
    upstream.awaitRequested(4);
    gone.awaitSubscription().cancel();
    upstream.awaitCancel();
    return new WeakReference<>(gone);
  }

  @Test
  void spec317_demandSaturates() {
    onExecutor(Flux.range(0, 1_000), 16).subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(1_000, probe.elements.size());
  }

  @Test
  void upstreamThatThrowsFromSubscribeFails() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    onExecutor(
            subscriber -> {
              throw failure;
            },
            4)
        .subscribe(probe);
    assertSame(failure, probe.awaitFailure());
  }

  @Test
  void upstreamThatThrowsFromSubscribeBehindItsSubscriptionFailsAndIsCancelled() {
    for (Throwable failure : List.of(new RuntimeException("thrown"), new AssertionError("too"))) {
      ManualUpstream<Integer> broken =
          new ManualUpstream<>() {
            @Override
            public void subscribe(Subscriber<? super Integer> target) {
              super.subscribe(target);
              OnExecutorTest.<RuntimeException>sneak(failure);
            }
          };
      Probe<Integer> told = new Probe<>();
      onExecutor(broken, 4).subscribe(told);
      assertSame(failure, told.awaitFailure());
      broken.awaitCancel();
    }
  }

  @SuppressWarnings("unchecked") // what is thrown is not checked
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void spec109_signalsWithoutASubscriptionAreHeard() {
    RuntimeException failure = new RuntimeException("made by the test");
    StepVerifier.create(onExecutor(subscriber -> subscriber.onError(failure), 4), 0)
        .expectErrorMatches(thrown -> thrown == failure)
        .verify(TestSystem.PATIENCE);
    StepVerifier.create(onExecutor(Subscriber::onComplete, 4), 0)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    StepVerifier.create(onExecutor(subscriber -> subscriber.onNext(7), 4))
        .expectError(IllegalStateException.class)
        .verify(TestSystem.PATIENCE);
    assertEquals(List.of(7), givenBack);
  }

  @Test
  void closeOfTheSystemCancelsTheUpstreamAndFails() {
    try (TestSystem closed = TestSystem.open(ExecutorPool.AUTO)) {
      Processors.onExecutor(
              upstream,
              closed.executor(),
              DemandOptions.<Integer>batch(4).withDiscard(givenBack::add))
          .subscribe(probe);
      probe.awaitSubscription().request(1);
      upstream.awaitRequested(4);
      upstream.send(0, 1);
      probe.awaitElements(1);
    }
    probe.awaitFailure();
    assertEquals(1, upstream.cancels.get());
    upstream.send(2);
    assertEquals(List.of(1, 2), givenBack);
  }

  @Test
  void acknowledgedElementsAreRefused() {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Processors.onExecutor(
                    upstream, system.executor(), DemandOptions.<Integer>acknowledged(1)));
    assertTrue(failure.getMessage().contains("batch"), failure.getMessage());
  }

  @Test
  void mailboxOfTheOptionsDoesNotMatter() {
    ActorOptions small =
        ActorOptions.defaults().withMailbox(Mailbox.bounded(1, Mailbox.Overflow.REJECT));
    Publisher<Integer> moved =
        Processors.onExecutor(
            Flux.range(0, 10_000).publishOn(Schedulers.single()),
            system.executor(),
            DemandOptions.<Integer>batch(8).withActor(small));
    StepVerifier.create(Flux.from(moved).limitRate(3))
        .expectNextCount(10_000)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void upstreamThatGivesTooMuchIsCancelledThoughTheSubscriberWaits() {
    onExecutor(upstream, 2).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(2);
    upstream.send(0, 1, 2, 3, 4);
    upstream.awaitCancel();
    probe.awaitSubscription().request(10);
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    assertEquals(5, probe.elements.size() + givenBack.size());
  }

  private Publisher<Integer> onExecutor(Publisher<Integer> source, int batch) {
    return Processors.onExecutor(
        source, system.executor(), DemandOptions.<Integer>batch(batch).withDiscard(givenBack::add));
  }
}
