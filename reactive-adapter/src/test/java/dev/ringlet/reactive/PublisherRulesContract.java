package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

/**
 * Rules of Reactive Streams that a subscriber can put to the test, named by their numbers, for each
 * kind of publisher and on any driver.
 */
abstract class PublisherRulesContract extends DriverContract {
  private static final int THREADS = 4;

  PublisherRulesContract(String driver) {
    super(driver);
  }

  /** One thread looks, four ask for an element at a time while the publisher gives them. */
  @ParameterizedTest
  @EnumSource
  void spec103_signalsAreSerialThoughManyThreadsAsk(PublisherKind kind) {
    int each = 5_000;
    Watcher<Object> watcher = watch(kind, 2L * THREADS * each);
    together(
        () -> {
          for (int i = 0; i < each; i++) {
            watcher.request(1);
          }
        });
    watcher.awaitCount(kind.atMost((long) THREADS * each));
    together(watcher.subscription()::cancel);
    system.endTest();
    watcher.assertKeptRules();
    assertEquals(kind.atMost((long) THREADS * each), watcher.count());
  }

  @ParameterizedTest
  @EnumSource
  void spec103_signalsComeFromTheExecutor(PublisherKind kind) {
    AtomicBoolean elsewhere = new AtomicBoolean();
    Watcher<Object> watcher =
        new Watcher<>() {
          @Override
          void subscribed() {
            request(Long.MAX_VALUE);
          }

          @Override
          void next() {
            if (!system.executor().isCurrent()) {
              elsewhere.set(true);
            }
          }
        };
    numbers(kind, 100).subscribe(watcher);
    watcher.awaitEnd();
    watcher.assertCompleted(kind.atMost(100));
    assertFalse(elsewhere.get());
  }

  /** Also: nothing is sent to an actor that has gone. */
  @ParameterizedTest
  @EnumSource
  void spec107_nothingComesBehindTheEnd(PublisherKind kind) {
    Watcher<Object> watcher = watch(kind, 10);
    watcher.request(11);
    watcher.awaitEnd();
    system.endTest();
    long deadLettersBefore = system.system().stats().deadLetters();
    together(
        () -> {
          watcher.request(1);
          watcher.request(0);
          watcher.subscription().cancel();
        });
    system.awaitQuiescence();
    watcher.assertCompleted(kind.atMost(10));
    assertEquals(deadLettersBefore, system.system().stats().deadLetters());
  }

  @ParameterizedTest
  @EnumSource
  void spec109_nullSubscriberThrows(PublisherKind kind) {
    Publisher<?> publisher = kind.numbers(system, 1);
    var failure = assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
    assertTrue(failure.getMessage().contains("1.9"), failure.getMessage());
  }

  /** Else whoever cancels what it has just subscribed could come too early to be heard. */
  @ParameterizedTest
  @EnumSource
  void spec109_onSubscribeComesBeforeSubscribeReturns(PublisherKind kind) {
    for (int round = 0; round < 50; round++) {
      AtomicReference<Thread> thread = new AtomicReference<>();
      numbers(kind, PublisherKind.ENDLESS)
          .subscribe(
              new Probe<Object>() {
                @Override
                public void onSubscribe(Subscription given) {
                  thread.set(Thread.currentThread());
                  given.request(1);
                  given.cancel();
                }
              });
      assertSame(Thread.currentThread(), thread.get());
    }
  }

  @ParameterizedTest
  @EnumSource
  void spec109_onSubscribeComesFirstThoughTheSystemWasClosed(PublisherKind kind) {
    TestSystem closed = openAnother();
    Publisher<?> publisher = kind.numbers(closed, 1);
    closed.close();
    Watcher<Object> watcher = new Watcher<>();
    publisher.subscribe(watcher);
    watcher.awaitEnd();
    watcher.assertKeptRules();
    assertInstanceOf(IllegalStateException.class, watcher.failure());
  }

  @ParameterizedTest
  @EnumSource
  void spec213_subscriberThatThrowsFromOnSubscribeIsCancelled(PublisherKind kind) {
    Watcher<Object> watcher =
        new Watcher<>() {
          @Override
          void subscribed() {
            request(1);
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    numbers(kind, 10).subscribe(watcher);
    watcher.awaitSubscription();
    system.endTest();
    watcher.assertKeptRules();
    assertEquals(0, watcher.count());
    assertFalse(watcher.hasEnded());
  }

  @ParameterizedTest
  @EnumSource
  void spec213_subscriberThatThrowsFromOnNextIsCancelled(PublisherKind kind) {
    Watcher<Object> watcher =
        new Watcher<>() {
          @Override
          void next() {
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    numbers(kind, 10).subscribe(watcher);
    watcher.awaitSubscription().request(Long.MAX_VALUE);
    watcher.awaitCount(1);
    system.endTest();
    watcher.assertKeptRules();
    assertEquals(1, watcher.count());
    assertFalse(watcher.hasEnded());
  }

  /** The stack is as deep with the last element as with the first. */
  @ParameterizedTest
  @EnumSource
  void spec303_requestFromOnNextDoesNotRecurse(PublisherKind kind) {
    long length = 1_000_000;
    List<Long> depths = new ArrayList<>();
    Watcher<Object> watcher =
        new Watcher<>() {
          @Override
          void subscribed() {
            request(1);
          }

          @Override
          void next() {
            if (count() % 1_000 == 1) {
              depths.add(StackWalker.getInstance().walk(Stream::count));
            }
            request(1);
          }
        };
    numbers(kind, length).subscribe(watcher);
    watcher.awaitEnd();
    watcher.assertCompleted(kind.atMost(length));
    long deepest = depths.stream().mapToLong(depth -> depth).max().orElseThrow();
    assertTrue(deepest < depths.get(0) + 50, () -> "frames: " + depths);
  }

  @ParameterizedTest
  @EnumSource
  void spec305_cancelIsPrompt(PublisherKind kind) {
    Watcher<Object> watcher = watch(kind, 100_000);
    watcher.request(Long.MAX_VALUE);
    watcher.awaitCount(kind.atMost(100));
    watcher.subscription().cancel();
    long seen = watcher.count();
    system.endTest();
    watcher.assertKeptRules();
    // The one that was on its way.
    assertTrue(watcher.count() <= seen + 1, () -> watcher.count() + " after " + seen);
  }

  @ParameterizedTest
  @EnumSource
  void spec305_cancelFromOnNextIsTheEnd(PublisherKind kind) {
    Watcher<Object> watcher =
        new Watcher<>() {
          @Override
          void next() {
            subscription().cancel();
          }
        };
    numbers(kind, 100_000).subscribe(watcher);
    watcher.awaitSubscription().request(Long.MAX_VALUE);
    watcher.awaitCount(1);
    system.endTest();
    watcher.assertKeptRules();
    assertEquals(1, watcher.count());
    assertFalse(watcher.hasEnded());
  }

  @ParameterizedTest
  @EnumSource
  void spec307_cancelOfManyThreadsCountsOnceAndRequestsAfterItDoNothing(PublisherKind kind) {
    Watcher<Object> watcher = watch(kind, 10);
    together(watcher.subscription()::cancel);
    together(
        () -> {
          watcher.request(1);
          watcher.request(0);
          watcher.subscription().cancel();
        });
    system.endTest();
    watcher.request(1);
    watcher.assertKeptRules();
    assertEquals(0, watcher.count());
    assertFalse(watcher.hasEnded());
    assertEquals(0, system.system().stats().failures());
  }

  @ParameterizedTest
  @EnumSource
  void spec309_requestOfNoneOrFewerSignalsError(PublisherKind kind) {
    for (long count : new long[] {0, -1, Long.MIN_VALUE}) {
      Watcher<Object> watcher = watch(kind, 10);
      watcher.request(count);
      watcher.awaitEnd();
      watcher.request(1);
      system.endTest();
      assertViolation(count, watcher);
      assertEquals(0, watcher.count());
    }
  }

  /** Be it the last element, and the end behind it. */
  @ParameterizedTest
  @EnumSource
  void spec309_requestOfNoneFromOnNextSignalsError(PublisherKind kind) {
    Watcher<Object> watcher =
        new Watcher<>() {
          @Override
          void next() {
            request(0);
          }
        };
    numbers(kind, 1).subscribe(watcher);
    watcher.awaitSubscription().request(10);
    watcher.awaitEnd();
    assertViolation(0, watcher);
  }

  private static void assertViolation(long count, Watcher<?> watcher) {
    watcher.assertKeptRules();
    Throwable failure = assertInstanceOf(IllegalArgumentException.class, watcher.failure());
    assertTrue(failure.getMessage().contains("3.9"), failure.getMessage());
    assertTrue(failure.getMessage().contains("count: " + count + ";"), failure.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void spec317_demandSaturates(PublisherKind kind) {
    Watcher<Object> watcher = watch(kind, 1_000);
    together(
        () -> {
          watcher.request(Long.MAX_VALUE - 1);
          watcher.request(Long.MAX_VALUE / 2 + 1);
          watcher.request(Long.MAX_VALUE);
          watcher.request(1);
        });
    watcher.awaitEnd();
    watcher.assertCompleted(kind.atMost(1_000));
  }

  /** While the publisher gives elements, so that part of the demand is used up. */
  @ParameterizedTest
  @EnumSource
  void spec317_demandSaturatesWhileItIsUsedUp(PublisherKind kind) {
    Watcher<Object> watcher =
        new Watcher<>() {
          @Override
          void next() {
            request(Long.MAX_VALUE - 1);
          }
        };
    numbers(kind, 1_000).subscribe(watcher);
    watcher.awaitSubscription().request(Long.MAX_VALUE - 1);
    watcher.awaitEnd();
    watcher.assertCompleted(kind.atMost(1_000));
  }

  private Watcher<Object> watch(PublisherKind kind, long count) {
    Watcher<Object> watcher = new Watcher<>();
    numbers(kind, count).subscribe(watcher);
    return watcher.awaitSubscription();
  }

  private Publisher<?> numbers(PublisherKind kind, long count) {
    return kind.numbers(system, count);
  }

  /** Several threads do the same at once. */
  private static void together(Runnable body) {
    CountDownLatch ready = new CountDownLatch(THREADS);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      new Thread(
              () -> {
                ready.countDown();
                try {
                  ready.await();
                  body.run();
                  done.complete(null);
                } catch (Throwable thrown) {
                  done.completeExceptionally(thrown);
                }
              })
          .start();
    }
    all.forEach(TestSystem::get);
  }
}
