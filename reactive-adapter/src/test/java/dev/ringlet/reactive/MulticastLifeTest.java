package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * When the upstream of a multicast is subscribed and cancelled, and how the whole ends. Without
 * subscribers it holds nothing, unless it was told to; {@link #endTest} looks.
 */
final class MulticastLifeTest extends SystemTest {
  private final AtomicInteger subscribed = new AtomicInteger();
  private final Probe<Integer> probe = new Probe<>();
  private final Probe<Integer> late = new Probe<>();
  private final ManualUpstream<Integer> upstream =
      new ManualUpstream<>() {
        @Override
        public void subscribe(Subscriber<? super Integer> target) {
          subscribed.incrementAndGet();
          super.subscribe(target);
        }
      };

  @Test
  void nothingHappensBeforeTheFirstSubscriber() {
    Multicast<Integer> multicast = multicast(MulticastOptions.slowest(4));
    system.awaitQuiescence();
    assertEquals(0, subscribed.get());
    multicast.close();
  }

  @Test
  void lastSubscriberToLeaveCancelsTheUpstreamAndTheNextOneHasItSubscribedAnew() {
    Multicast<Integer> multicast = multicast(MulticastOptions.<Integer>slowest(4).withReplay(2));
    multicast.subscribe(probe);
    multicast.subscribe(late);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(4);
    upstream.send(0, 1);
    probe.awaitElements(2);
    late.awaitSubscription().cancel();
    probe.awaitSubscription().cancel();
    upstream.awaitCancel();
    system.awaitQuiescence();
    assertEquals(1, upstream.cancels.get());

    Probe<Integer> next = new Probe<>();
    multicast.subscribe(next);
    next.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(8);
    upstream.send(2);
    upstream.complete();
    TestSystem.awaitUntil(next::hasCompleted);
    assertEquals(List.of(2), next.elements);
    assertEquals(2, subscribed.get());
    multicast.close();
  }

  /** It gives what it is asked for at once, so the hub never finds that nothing is there. */
  @Test
  void upstreamThatNeverPausesIsCancelledWithTheLastSubscriber() {
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    Multicast<Integer> multicast =
        Processors.multicast(
            Flux.range(0, Integer.MAX_VALUE).doOnCancel(() -> cancelled.complete(null)),
            system.executor(),
            MulticastOptions.slowest(4));
    StepVerifier.create(Flux.from(multicast).take(2)).expectNext(0, 1).verifyComplete();
    assertNull(TestSystem.get(cancelled));
  }

  @Test
  void upstreamGoesOnWithoutSubscribersIfItStaysConnected() {
    Multicast<Integer> multicast =
        multicast(MulticastOptions.<Integer>slowest(2).withReplay(1).withStayConnected(true));
    multicast.subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(2);
    probe.awaitSubscription().cancel();
    sendAsAsked(0, 10);
    upstream.awaitRequested(12);
    multicast.subscribe(late);
    late.awaitSubscription().request(Long.MAX_VALUE);
    late.awaitElements(1);
    sendAsAsked(10, 12);
    late.awaitElements(3);
    assertEquals(List.of(9, 10, 11), late.elements);
    assertEquals(1, subscribed.get());
    assertEquals(0, upstream.cancels.get());
    multicast.close();
    upstream.awaitCancel();
    assertInstanceOf(CancellationException.class, late.awaitFailure());
  }

  @Test
  void subscribersThatLeaveBeforeTheUpstreamWasConnectedLeaveNothing() {
    Multicast<Integer> multicast =
        multicast(MulticastOptions.<Integer>slowest(4).withConnectAt(3).withStayConnected(true));
    multicast.subscribe(probe);
    multicast.subscribe(late);
    probe.awaitSubscription().cancel();
    late.awaitSubscription().cancel();
    system.awaitQuiescence();
    assertEquals(0, subscribed.get());
  }

  @Test
  void upstreamMayBeSubscribedAndAskedAtOnce() {
    Multicast<Integer> multicast =
        multicast(MulticastOptions.<Integer>slowest(2).withConnectAt(0).withReplay(2));
    sendAsAsked(0, 10);
    upstream.awaitRequested(12);
    multicast.subscribe(late);
    late.awaitSubscription().request(Long.MAX_VALUE);
    late.awaitElements(2);
    assertEquals(List.of(8, 9), late.elements);
    late.awaitSubscription().cancel();
    upstream.awaitCancel();
    multicast.close();
  }

  @Test
  void whoComesAfterTheEndGetsTheReplayAndTheEnd() {
    Multicast<Integer> multicast =
        Processors.multicast(
            Flux.range(0, 10),
            system.executor(),
            MulticastOptions.<Integer>slowest(4).withReplay(2));
    multicast.subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(probe::hasCompleted);
    for (int i = 0; i < 2; i++) {
      StepVerifier.create(multicast, 1)
          .expectNext(8)
          .thenRequest(1)
          .expectNext(9)
          .expectComplete()
          .verify(TestSystem.PATIENCE);
    }
    multicast.close();
    expectToBeClosed(multicast);
  }

  @Test
  void whoComesAfterAFailureGetsTheReplayAndTheFailure() {
    RuntimeException failure = new RuntimeException("made by the test");
    Multicast<Integer> multicast =
        Processors.multicast(
            Flux.range(0, 10).concatWith(Flux.error(failure)),
            system.executor(),
            MulticastOptions.<Integer>slowest(4).withReplay(1));
    multicast.subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    assertSame(failure, probe.awaitFailure());
    assertEquals(10, probe.elements.size());
    multicast.subscribe(late);
    late.awaitSubscription().request(1);
    assertSame(failure, late.awaitFailure());
    assertEquals(List.of(9), late.elements);
    multicast.close();
  }

  /** Its actor has stopped when they come. */
  @Test
  void endWithoutReplayIsRememberedForGood() {
    Multicast<Integer> multicast = multicast(MulticastOptions.slowest(4));
    multicast.subscribe(probe);
    probe.awaitSubscription();
    TestSystem.awaitUntil(() -> subscribed.get() == 1);
    upstream.complete();
    TestSystem.awaitUntil(probe::hasCompleted);
    for (int i = 0; i < 3; i++) {
      system.awaitQuiescence();
      StepVerifier.create(multicast, 0).expectComplete().verify(TestSystem.PATIENCE);
    }
    assertEquals(1, subscribed.get());
  }

  @Test
  void endComesBehindTheElementsOfEachSubscriberAndNeedsNoDemand() {
    Multicast<Integer> multicast = multicast(MulticastOptions.slowest(4));
    multicast.subscribe(probe);
    multicast.subscribe(late);
    late.awaitSubscription();
    probe.awaitSubscription().request(2);
    upstream.awaitRequested(4);
    upstream.send(0, 1);
    upstream.complete();
    TestSystem.awaitUntil(probe::hasCompleted);
    assertFalse(late.hasEnded());
    late.awaitSubscription().request(2);
    TestSystem.awaitUntil(late::hasCompleted);
    assertEquals(List.of(0, 1), late.elements);
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void closeEndsAllAtOnceAndForGood() {
    Multicast<Integer> multicast = multicast(MulticastOptions.<Integer>slowest(4).withReplay(2));
    multicast.subscribe(probe);
    multicast.subscribe(late);
    late.awaitSubscription();
    probe.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(4);
    upstream.send(0, 1, 2);
    probe.awaitElements(3);
    multicast.close();
    multicast.close();
    assertInstanceOf(CancellationException.class, probe.awaitFailure());
    assertInstanceOf(CancellationException.class, late.awaitFailure());
    upstream.awaitCancel();
    system.awaitQuiescence();
    assertTrue(late.elements.isEmpty());
    assertEquals(1, upstream.cancels.get());
    expectToBeClosed(multicast);
    assertEquals(1, subscribed.get());
  }

  @Test
  void closeBeforeTheFirstSubscriberCounts() {
    Multicast<Integer> multicast = multicast(MulticastOptions.slowest(4));
    multicast.close();
    expectToBeClosed(multicast);
    assertEquals(0, subscribed.get());
  }

  @Test
  void closeOfTheSystemFailsTheSubscribers() {
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      Multicast<Integer> multicast =
          Processors.multicast(upstream, closing.executor(), MulticastOptions.slowest(4));
      multicast.subscribe(probe);
      multicast.subscribe(late);
      late.awaitSubscription();
      probe.awaitSubscription().request(1);
      upstream.awaitRequested(4);
    }
    for (Probe<Integer> failed : List.of(probe, late)) {
      String message = failed.awaitFailure().getMessage();
      assertTrue(message.contains("closed"), message);
    }
    upstream.awaitCancel();
    probe.awaitSubscription().request(1);
    probe.awaitSubscription().cancel();
  }

  @Test
  void subscriberOfAClosedSystemIsRefused() {
    ActorExecutor executor;
    try (TestSystem closed = TestSystem.open(ExecutorPool.AUTO)) {
      executor = closed.executor();
    }
    MulticastOptions<Integer> options = MulticastOptions.slowest(4);
    Multicast<Integer> multicast = Processors.multicast(upstream, executor, options);
    Multicast<Integer> atOnce = Processors.multicast(upstream, executor, options.withConnectAt(0));
    for (Multicast<Integer> refusing : List.of(multicast, multicast, atOnce, atOnce)) {
      StepVerifier.create(refusing)
          .expectSubscription()
          .expectError(IllegalStateException.class)
          .verify(TestSystem.PATIENCE);
    }
    assertEquals(0, subscribed.get());
  }

  @Test
  void subscribersThatRaceWithTheCloseAllHearOfIt() {
    Expect.<Integer>allToHearOfTheClose(
        closing ->
            Processors.multicast(Flux.never(), closing.executor(), MulticastOptions.slowest(4)));
  }

  /** Hubs end and begin all the time, and none of their letters is lost. */
  @Test
  void endedMulticastsLeaveNoDeadLetters() {
    Multicast<Integer> endless =
        Processors.multicast(
            Flux.range(0, Integer.MAX_VALUE), system.executor(), MulticastOptions.slowest(4));
    expectNoDeadLetters(
        () -> {
          StepVerifier.create(Flux.from(endless).take(2)).expectNextCount(2).verifyComplete();
          Multicast<Integer> three =
              Processors.multicast(
                  Flux.range(0, 3), system.executor(), MulticastOptions.slowest(4));
          StepVerifier.create(three).expectNext(0, 1, 2).verifyComplete();
          StepVerifier.create(three).verifyComplete();
        });
  }

  private static void expectToBeClosed(Multicast<Integer> multicast) {
    StepVerifier.create(multicast)
        .expectError(CancellationException.class)
        .verify(TestSystem.PATIENCE);
  }

  private Multicast<Integer> multicast(MulticastOptions<Integer> options) {
    return Processors.multicast(upstream, system.executor(), options);
  }

  private void sendAsAsked(int from, int to) {
    upstream.sendAsAsked(from, to, element -> element);
  }
}
