package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * Rules of Reactive Streams that one subscriber of several, or the upstream of all, puts to the
 * test.
 */
final class MulticastRulesTest {
  private static TestSystem system;

  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final Probe<Integer> other = new Probe<>();

  @BeforeAll
  static void open() {
    system = TestSystem.open(ExecutorPool.AUTO);
  }

  @AfterAll
  static void close() {
    system.close();
  }

  @AfterEach
  void actorsHaveStopped() {
    system.awaitQuiescence();
  }

  @Test
  void spec101_upstreamThatGivesMoreThanWasAskedForIsCancelled() {
    Multicast<Integer> multicast = multicast(upstream, 4);
    Probe<Integer> idle = new Probe<>();
    multicast.subscribe(idle);
    multicast.subscribe(other);
    idle.awaitSubscription();
    other.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(4);
    // On the executor, so that nobody looks meanwhile.
    TestSystem.get(
        CompletableFuture.runAsync(() -> upstream.send(0, 1, 2, 3, 4, 5), system.executor()));
    assertInstanceOf(IllegalStateException.class, other.awaitFailure());
    upstream.awaitCancel();
    assertEquals(List.of(0, 1, 2, 3), other.elements);
    assertFalse(idle.hasEnded());
    idle.awaitSubscription().request(4);
    assertInstanceOf(IllegalStateException.class, idle.awaitFailure());
    assertEquals(List.of(0, 1, 2, 3), idle.elements);
    assertEquals(1, upstream.cancels.get());
  }

  @Test
  void spec101_upstreamThatGivesOneByOneTooMuchIsCancelled() {
    multicast(upstream, 2).subscribe(other);
    other.awaitSubscription();
    TestSystem.get(CompletableFuture.runAsync(() -> {}, system.executor()));
    upstream.send(0);
    assertInstanceOf(IllegalStateException.class, other.awaitFailure());
    upstream.awaitCancel();
    assertTrue(other.elements.isEmpty());
  }

  @Test
  void spec107_nothingComesBehindTheEnd() {
    multicast(upstream, 4).subscribe(other);
    other.awaitSubscription().request(4);
    upstream.awaitRequested(4);
    upstream.send(0);
    upstream.complete();
    upstream.send(1);
    upstream.fail(new RuntimeException("made by the test"));
    TestSystem.awaitUntil(other::hasCompleted);
    system.awaitQuiescence();
    assertTrue(other.hasCompleted());
    assertEquals(List.of(0), other.elements);
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
    expectOtherToGetAllBeside(broken);
    assertTrue(broken.elements.isEmpty());
    assertFalse(broken.hasEnded());
  }

  @Test
  void spec213_subscriberThatThrowsFromOnNextIsCancelledAndTheOthersGoOn() {
    Probe<Integer> broken =
        new Probe<>() {
          @Override
          public void onNext(Integer element) {
            super.onNext(element);
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    expectOtherToGetAllBeside(broken);
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
    expectOtherToGetAllBeside(broken);
    assertTrue(broken.hasCompleted());
    assertEquals(failuresBefore, system.system().stats().failures());
  }

  @Test
  void subscriberThatCancelsWhileItIsServedLeavesTheOthersAlone() {
    Probe<Integer> leaving =
        new Probe<>() {
          @Override
          public void onNext(Integer element) {
            super.onNext(element);
            awaitSubscription().cancel();
          }
        };
    expectOtherToGetAllBeside(leaving);
    assertEquals(List.of(0), leaving.elements);
    assertFalse(leaving.hasEnded());
  }

  @Test
  void subscriberThatIsCancelledWhileAnotherOneIsServedGetsNothingMore() {
    AtomicInteger gotBefore = new AtomicInteger();
    Probe<Integer> ending =
        new Probe<>() {
          @Override
          public void onNext(Integer element) {
            super.onNext(element);
            if (element == 5) {
              other.awaitSubscription().cancel();
              gotBefore.set(other.elements.size());
            }
          }
        };
    Multicast<Integer> multicast = multicast(Flux.range(0, 1_000), 8);
    multicast.subscribe(other);
    multicast.subscribe(ending);
    ending.awaitSubscription();
    other.awaitSubscription().request(Long.MAX_VALUE);
    ending.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(ending::hasCompleted);
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), ending.elements);
    assertEquals(gotBefore.get(), other.elements.size());
    assertFalse(other.hasEnded());
  }

  @Test
  void subscriberMayBringAnotherOneWhileItIsServed() {
    Multicast<Integer> multicast = multicast(Flux.range(0, 100), 4);
    Probe<Integer> bringing =
        new Probe<>() {
          @Override
          public void onNext(Integer element) {
            super.onNext(element);
            if (element == 50) {
              multicast.subscribe(other);
            }
          }
        };
    multicast.subscribe(bringing);
    bringing.awaitSubscription().request(Long.MAX_VALUE);
    other.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(() -> bringing.hasCompleted() && other.hasCompleted());
    int first = other.elements.get(0);
    assertTrue(first > 50, other.elements.toString());
    assertEquals(IntStream.range(first, 100).boxed().toList(), other.elements);
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
    multicast.subscribe(other);
    other.awaitSubscription().request(1);
    upstream.awaitRequested(4);
    Probe<Integer> last = new Probe<>();
    // On the executor, so that both notes are taken at once.
    TestSystem.get(
        CompletableFuture.runAsync(
            () -> {
              multicast.subscribe(bringing);
              multicast.subscribe(last);
            },
            system.executor()));
    for (Probe<Integer> probe : List.of(brought, bringing, last, other)) {
      probe.awaitSubscription().cancel();
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
    multicast(upstream, 4).subscribe(other);
    Subscription subscription = other.awaitSubscription();
    subscription.cancel();
    subscription.request(1);
    subscription.request(0);
    subscription.cancel();
    system.awaitQuiescence();
    subscription.request(1);
    subscription.cancel();
    assertFalse(other.hasEnded());
    assertTrue(upstream.cancels.get() <= 1);
  }

  @Test
  void spec309_requestZeroFailsOneSubscriberAndTheOthersGoOn() {
    Probe<Integer> broken =
        new Probe<>() {
          @Override
          public void onNext(Integer element) {
            super.onNext(element);
            awaitSubscription().request(0);
          }
        };
    expectOtherToGetAllBeside(broken);
    Throwable failure = broken.awaitFailure();
    assertInstanceOf(IllegalArgumentException.class, failure);
    assertTrue(failure.getMessage().contains("3.9"), failure.getMessage());
    assertEquals(List.of(0), broken.elements);
  }

  @Test
  void spec313_subscriberIsForgottenAfterACancel() {
    Multicast<Integer> multicast = multicast(upstream, 4);
    multicast.subscribe(other);
    other.awaitSubscription().request(Long.MAX_VALUE);
    upstream.awaitRequested(4);
    WeakReference<Probe<Integer>> dropped = cancelled(multicast);
    upstream.send(0);
    other.awaitElements(1);
    TestSystem.awaitUntil(
        () -> {
          System.gc();
          return dropped.get() == null;
        });
    other.awaitSubscription().cancel();
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
    multicast(Flux.range(0, 1_000), 16).subscribe(other);
    other.awaitSubscription().request(Long.MAX_VALUE);
    other.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(other::hasCompleted);
    assertEquals(1_000, other.elements.size());
  }

  @Test
  void upstreamThatThrowsFromSubscribeFails() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    multicast(
            subscriber -> {
              throw failure;
            },
            4)
        .subscribe(other);
    assertSame(failure, other.awaitFailure());
  }

  @Test
  void upstreamThatThrowsFromRequestFailsAndIsCancelled() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    ManualUpstream<Integer> broken =
        new ManualUpstream<>() {
          @Override
          public void request(long count) {
            throw failure;
          }
        };
    multicast(broken, 4).subscribe(other);
    other.awaitSubscription().request(1);
    assertSame(failure, other.awaitFailure());
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
    multicast(broken, 4).subscribe(other);
    other.awaitSubscription().request(1);
    broken.awaitRequested(4);
    other.awaitSubscription().cancel();
    broken.awaitCancel();
    system.awaitQuiescence();
    assertEquals(failuresBefore, system.system().stats().failures());
  }

  /** Both are there before the first of them asks. */
  private void expectOtherToGetAllBeside(Probe<Integer> first) {
    Multicast<Integer> multicast = multicast(Flux.range(0, 1_000), 8);
    multicast.subscribe(first);
    multicast.subscribe(other);
    other.awaitSubscription();
    first.awaitSubscription().request(Long.MAX_VALUE);
    other.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(other::hasCompleted);
    assertEquals(IntStream.range(0, 1_000).boxed().toList(), other.elements);
    system.awaitQuiescence();
  }

  private static Multicast<Integer> multicast(Publisher<Integer> source, int buffer) {
    return Processors.multicast(source, system.executor(), MulticastOptions.slowest(buffer));
  }
}
