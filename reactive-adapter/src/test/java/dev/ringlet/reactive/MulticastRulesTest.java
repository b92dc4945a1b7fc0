package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * Rules of Reactive Streams that one subscriber of several, or the upstream of all, puts to the
 * test.
 */
final class MulticastRulesTest extends StageTest {
  @Override
  Multicast<Integer> stage(
      TestSystem on, Publisher<Integer> source, int ahead, Consumer<Integer> discard) {
    return Processors.multicast(
        source, on.executor(), MulticastOptions.<Integer>slowest(ahead).withDiscard(discard));
  }

  @Test
  void spec101_upstreamThatGivesMoreThanWasAskedForIsCancelled() {
    Multicast<Integer> multicast = multicast(upstream, 4);
    Probe<Integer> idle = new Probe<>();
    multicast.subscribe(idle);
    multicast.subscribe(probe);
    idle.awaitSubscription();
    probe.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(4);
    sendAtOnce();
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    upstream.awaitCancel();
    assertEquals(List.of(0, 1, 2, 3), probe.elements);
    assertFalse(idle.hasEnded());
    idle.awaitSubscription().request(4);
    assertInstanceOf(IllegalStateException.class, idle.awaitFailure());
    assertEquals(List.of(0, 1, 2, 3), idle.elements);
    assertEquals(1, upstream.cancels.get());
  }

  @Test
  void spec101_upstreamThatGivesOneByOneTooMuchIsCancelled() {
    multicast(upstream, 2).subscribe(probe);
    probe.awaitSubscription();
    system.awaitTurn();
    upstream.send(0);
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    upstream.awaitCancel();
    assertTrue(probe.elements.isEmpty());
  }

  @Test
  void spec107_nothingComesBehindTheEnd() {
    expectNothingBehindTheEnd();
  }

  @Test
  void spec109_nullSubscriberThrows() {
    Publisher<Integer> publisher = multicast(upstream, 4);
    var failure = assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
    assertTrue(failure.getMessage().contains("1.9"), failure.getMessage());
  }

  @Test
  void spec213_subscriberThatThrowsFromOnSubscribeIsCancelledAndTheOthersGoOn() {
    Probe<Integer> broken =
        new Probe<>() {
          @Override
          public void onSubscribe(Subscription given) {
            super.onSubscribe(given);
            given.request(Long.MAX_VALUE);
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    expectProbeToGetAllBeside(broken);
    assertTrue(broken.elements.isEmpty());
    assertFalse(broken.hasEnded());
  }

  @Test
  void spec213_subscriberThatThrowsFromOnNextIsCancelledAndTheOthersGoOn() {
    Probe<Integer> broken =
        Probe.acting(
            (element, subscription) -> {
              throw new IllegalStateException("thrown by the test's subscriber");
            });
    expectProbeToGetAllBeside(broken);
    assertEquals(List.of(0), broken.elements);
    assertFalse(broken.hasEnded());
  }

  @Test
  void spec213_subscriberThatThrowsFromOnCompleteDoesNoHarm() {
    long failuresBefore = system.system().stats().failures();
    Probe<Integer> broken =
        new Probe<>() {
          @Override
          public void onComplete() {
            super.onComplete();
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    expectProbeToGetAllBeside(broken);
    assertTrue(broken.hasCompleted());
    assertEquals(failuresBefore, system.system().stats().failures());
  }

  @Test
  void subscriberThatCancelsWhileItIsServedLeavesTheOthersAlone() {
    Probe<Integer> leaving = Probe.acting((element, subscription) -> subscription.cancel());
    expectProbeToGetAllBeside(leaving);
    assertEquals(List.of(0), leaving.elements);
    assertFalse(leaving.hasEnded());
  }

  @Test
  void subscriberThatIsCancelledWhileAnotherOneIsServedGetsNothingMore() {
    AtomicInteger gotBefore = new AtomicInteger();
    Probe<Integer> ending =
        Probe.acting(
            (element, subscription) -> {
              if (element == 5) {
                probe.awaitSubscription().cancel();
                gotBefore.set(probe.elements.size());
              }
            });
    Multicast<Integer> multicast = multicast(Flux.range(0, 1_000), 8);
    multicast.subscribe(probe);
    multicast.subscribe(ending);
    ending.awaitSubscription();
    probe.awaitSubscription().request(Long.MAX_VALUE);
    ending.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(ending::hasCompleted);
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), ending.elements);
    assertEquals(gotBefore.get(), probe.elements.size());
    assertFalse(probe.hasEnded());
  }

  @Test
  void subscriberMayBringAnotherOneWhileItIsServed() {
    Multicast<Integer> multicast = multicast(Flux.range(0, 100), 4);
    Probe<Integer> bringing =
        Probe.acting(
            (element, subscription) -> {
              if (element == 50) {
                multicast.subscribe(probe);
              }
            });
    multicast.subscribe(bringing);
    bringing.awaitSubscription().request(Long.MAX_VALUE);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(() -> bringing.hasCompleted() && probe.hasCompleted());
    int first = probe.elements.get(0);
    assertTrue(first > 50, probe.elements.toString());
    assertEquals(IntStream.range(first, 100).boxed().toList(), probe.elements);
    assertEquals(100, bringing.elements.size());
  }

  /** The note comes between two others that were taken together, and nothing happens after it. */
  @Test
  void subscriberMayBringAnotherOneWhileItIsSubscribed() {
    Multicast<Integer> multicast = multicast(upstream, 4);
    Probe<Integer> brought = new Probe<>();
    Probe<Integer> bringing =
        new Probe<>() {
          @Override
          public void onSubscribe(Subscription given) {
            multicast.subscribe(brought);
            super.onSubscribe(given);
          }
        };
    multicast.subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(4);
    Probe<Integer> last = new Probe<>();
    // On the executor, so that both notes are taken at once.
    system.run(
        () -> {
          multicast.subscribe(bringing);
          multicast.subscribe(last);
        });
    for (Probe<Integer> one : List.of(brought, bringing, last, probe)) {
      one.awaitSubscription().cancel();
    }
    upstream.awaitCancel();
  }

  /** With recursion a stream of this length overflows every stack. */
  @Test
  void spec303_requestFromOnNextDoesNotRecurse() {
    Multicast<Integer> multicast = multicast(Flux.range(0, 200_000), 1);
    StepVerifier.create(
            Flux.zip(
                Flux.from(multicast).limitRate(1).count(),
                Flux.from(multicast).limitRate(1).count()))
        .expectNextMatches(counts -> counts.getT1() == 200_000L && counts.getT2() <= 200_000L)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void spec306_requestAfterCancelDoesNothing() {
    multicast(upstream, 4).subscribe(probe);
    Subscription subscription = probe.awaitSubscription();
    subscription.cancel();
    subscription.request(1);
    subscription.request(0);
    subscription.cancel();
    system.awaitQuiescence();
    subscription.request(1);
    subscription.cancel();
    assertFalse(probe.hasEnded());
    assertTrue(upstream.cancels.get() <= 1);
  }

  @Test
  void spec309_requestZeroFailsOneSubscriberAndTheOthersGoOn() {
    Probe<Integer> broken = Probe.acting((element, subscription) -> subscription.request(0));
    expectProbeToGetAllBeside(broken);
    Throwable failure = broken.awaitFailure();
    assertInstanceOf(IllegalArgumentException.class, failure);
    assertTrue(failure.getMessage().contains("3.9"), failure.getMessage());
    assertEquals(List.of(0), broken.elements);
  }

  @Test
  void spec313_subscriberIsForgottenAfterACancel() {
    Multicast<Integer> multicast = multicast(upstream, 4);
    multicast.subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(4);
    WeakReference<Probe<Integer>> dropped = cancelled(multicast);
    upstream.send(0);
    probe.awaitElements(1);
    TestSystem.awaitForgotten(dropped);
    probe.awaitSubscription().cancel();
  }

  private static WeakReference<Probe<Integer>> cancelled(Multicast<Integer> multicast) {
    Probe<Integer> gone = new Probe<>();
    multicast.subscribe(gone);
    gone.awaitSubscription().request(1);
    gone.awaitSubscription().cancel();
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
  void upstreamThatThrowsFromRequestFailsAndIsCancelled() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    ManualUpstream<Integer> broken = ManualUpstream.throwingFromRequest(failure);
    multicast(broken, 4).subscribe(probe);
    probe.awaitSubscription().request(1);
    assertSame(failure, probe.awaitFailure());
    broken.awaitCancel();
  }

  @Test
  void upstreamThatThrowsFromCancelDoesNoHarm() {
    long failuresBefore = system.system().stats().failures();
    ManualUpstream<Integer> broken =
        new ManualUpstream<>() {
          @Override
          public void cancel() {
            super.cancel();
            throw new IllegalStateException("thrown by the test's upstream");
          }
        };
    multicast(broken, 4).subscribe(probe);
    probe.awaitSubscription().request(1);
    broken.awaitRequested(4);
    probe.awaitSubscription().cancel();
    broken.awaitCancel();
    system.awaitQuiescence();
    assertEquals(failuresBefore, system.system().stats().failures());
  }

  /** Both are there before the first of them asks. */
  private void expectProbeToGetAllBeside(Probe<Integer> first) {
    Multicast<Integer> multicast = multicast(Flux.range(0, 1_000), 8);
    multicast.subscribe(first);
    multicast.subscribe(probe);
    probe.awaitSubscription();
    first.awaitSubscription().request(Long.MAX_VALUE);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), probe.elements);
    system.awaitQuiescence();
  }

  private Multicast<Integer> multicast(Publisher<Integer> source, int buffer) {
    return stage(system, source, buffer, givenBack::add);
  }
}
