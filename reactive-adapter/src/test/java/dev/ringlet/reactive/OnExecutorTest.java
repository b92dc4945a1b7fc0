package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** A stage that moves signals onto a core. */
final class OnExecutorTest extends StageTest {
  @Override
  Publisher<Integer> stage(
      TestSystem on, Publisher<Integer> source, int ahead, Consumer<Integer> discard) {
    return Processors.onExecutor(
        source, on.executor(), DemandOptions.<Integer>batch(ahead).withDiscard(discard));
  }

  @Test
  void elementsOfAnotherThreadComeInOrderOnTheExecutor() {
    Flux<Integer> source = Flux.range(0, 100_000).publishOn(Schedulers.single());
    Expect.numbers(
        100_000, Flux.from(stage(source, 64)).filter(element -> system.executor().isCurrent()));
  }

  @Test
  void upstreamIsAskedAheadOfTheSubscriberAndNotBeforeIt() {
    stage(upstream, 8).subscribe(probe);
    Subscription subscription = probe.awaitSubscription();
    system.awaitTurn();
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
    stage(upstream, 8).subscribe(probe);
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
    stage(Flux.range(0, 10).concatWith(Flux.error(failure)), 4).subscribe(probe);
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
  void whatIsOnTheExecutorAlreadyIsNotMoved() {
    PriorityClass other = new PriorityClass("other", Shares.of(10), Latency.notImportant());
    DemandOptions<Integer> demand = DemandOptions.batch(16);
    DemandOptions<Integer> inOther =
        demand.withActor(ActorOptions.defaults().withPriorityClass(other));
    Publisher<Integer> numbers =
        Publishers.unfold(system.executor(), 0, n -> new Unfolded<>(n, n + 1));
    assertSame(numbers, Processors.onExecutor(numbers, system.executor(), demand));
    Publisher<Integer> moved = Processors.onExecutor(numbers, system.executor(), inOther);
    assertNotSame(numbers, moved);
    assertSame(moved, Processors.onExecutor(moved, system.executor(), inOther));
  }

  @Test
  void cancelGivesBackWhatWaits() {
    stage(upstream, 8).subscribe(probe);
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

  @Test
  void nothingIsLostWhenTheSubscriberCancelsAtAnyMoment() {
    expectNothingIsLostByACancelAtAnyMoment();
  }

  @Test
  void spec101_upstreamThatGivesMoreThanWasAskedForIsCancelled() {
    stage(upstream, 4).subscribe(probe);
    probe.awaitSubscription().request(2);
    upstream.awaitRequested(4);
    sendAtOnce();
    probe.awaitSubscription().request(10);
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    upstream.awaitCancel();
    assertEquals(List.of(0, 1, 2, 3), probe.elements);
    assertEquals(List.of(4, 5), givenBack);
  }

  @Test
  void spec107_nothingComesBehindTheEnd() {
    expectNothingBehindTheEnd();
    assertEquals(List.of(1), givenBack);
  }

  @Test
  void spec303_longSynchronousUpstreamDoesNotRecurse() {
    Expect.oneByOne(200_000, stage(Flux.range(0, 200_000), 1));
  }

  @Test
  void spec307_cancelReachesTheUpstreamOnce() {
    stage(upstream, 4).subscribe(probe);
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
    expectRequestOfNoneToCancelAndFail();
  }

  @Test
  void spec313_subscriberIsForgottenAfterACancel() {
    TestSystem.awaitForgotten(cancelled());
  }

  private WeakReference<Probe<Integer>> cancelled() {
    Probe<Integer> gone = new Probe<>();
    stage(upstream, 4).subscribe(gone);
    gone.awaitSubscription().request(1);
    upstream.awaitRequested(4);
    gone.awaitSubscription().cancel();
    upstream.awaitCancel();
    return new WeakReference<>(gone);
  }

  @Test
  void spec317_demandSaturates() {
    expectDemandToSaturate();
  }

  @Test
  void upstreamThatThrowsFromSubscribeFails() {
    expectFailureOfSubscribe();
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
      stage(broken, 4).subscribe(told);
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
    expectSignalsWithoutASubscription(Long.MAX_VALUE);
  }

  @Test
  void closeOfTheSystemCancelsTheUpstreamAndFails() {
    expectFailureByTheCloseOfTheSystem();
    assertEquals(List.of(1, 2, 3), givenBack);
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
    stage(upstream, 2).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(2);
    upstream.send(0, 1, 2, 3, 4);
    upstream.awaitCancel();
    probe.awaitSubscription().request(10);
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    assertEquals(5, probe.elements.size() + givenBack.size());
  }
}
