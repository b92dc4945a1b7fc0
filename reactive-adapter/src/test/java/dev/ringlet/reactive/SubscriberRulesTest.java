package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

/** Rules of Reactive Streams that a subscriber can put to the test, named by their numbers. */
final class SubscriberRulesTest {
  private static TestSystem system;

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
  void spec103_allSignalsComeFromTheExecutor() {
    CompletableFuture<Boolean> everyOne = new CompletableFuture<>();
    counting(1)
        .subscribe(
            new Probe<>() {
              private boolean onCore;

              @Override
              public void onSubscribe(Subscription given) {
                onCore = system.executor().isCurrent();
                given.request(1);
              }

              @Override
              public void onNext(Long element) {
                onCore &= system.executor().isCurrent();
              }

              @Override
              public void onComplete() {
                everyOne.complete(onCore && system.executor().isCurrent());
              }
            });
    assertTrue(TestSystem.get(everyOne));
  }

  @Test
  void spec109_nullSubscriberThrows() {
    Publisher<Long> publisher = counting(1);
    var failure = assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
    assertTrue(failure.getMessage().contains("1.9"), failure.getMessage());
  }

  @Test
  void spec213_subscriberThatThrowsFromOnSubscribeIsCancelled() {
    Probe<Long> probe =
        new Probe<>() {
          @Override
          public void onSubscribe(Subscription given) {
            super.onSubscribe(given);
            given.request(1);
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    counting(1).subscribe(probe);
    probe.awaitSubscription();
    system.awaitQuiescence();
    assertTrue(probe.elements.isEmpty());
    assertFalse(probe.hasEnded());
  }

  @Test
  void spec213_subscriberThatThrowsFromOnNextIsCancelled() {
    Probe<Long> probe =
        new Probe<>() {
          @Override
          public void onNext(Long element) {
            super.onNext(element);
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    counting(Long.MAX_VALUE).subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    probe.awaitElements(1);
    system.awaitQuiescence();
    assertEquals(List.of(0L), probe.elements);
    assertFalse(probe.hasEnded());
  }

  @Test
  void spec213_subscriberThatThrowsFromOnCompleteDoesNotHurtTheActor() {
    long failuresBefore = system.system().stats().failures();
    Probe<Long> probe =
        new Probe<>() {
          @Override
          public void onComplete() {
            super.onComplete();
            throw new IllegalStateException("thrown by the test's subscriber");
          }
        };
    counting(1).subscribe(probe);
    probe.awaitSubscription().request(1);
    probe.awaitElements(1);
    system.awaitQuiescence();
    assertTrue(probe.hasEnded());
    assertEquals(failuresBefore, system.system().stats().failures());
  }

  /** With recursion a stream of this length overflows every stack. */
  @Test
  void spec303_requestFromOnNextDoesNotRecurse() {
    int length = 200_000;
    CompletableFuture<Long> last = new CompletableFuture<>();
    counting(length)
        .subscribe(
            new Probe<>() {
              private Subscription subscription;
              private long sum;
              private int depth;

              @Override
              public void onSubscribe(Subscription given) {
                subscription = given;
                given.request(1);
              }

              @Override
              public void onNext(Long element) {
                assertEquals(0, depth++);
                sum += element;
                subscription.request(1);
                depth--;
              }

              @Override
              public void onError(Throwable failure) {
                last.completeExceptionally(failure);
              }

              @Override
              public void onComplete() {
                last.complete(sum);
              }
            });
    assertEquals((long) length * (length - 1) / 2, TestSystem.get(last));
  }

  @Test
  void spec309_requestZeroSignalsError() {
    expectViolation(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void spec309_requestNegativeSignalsError(long count) {
    expectViolation(count);
  }

  private static void expectViolation(long count) {
    Probe<Long> probe = new Probe<>();
    counting(Long.MAX_VALUE).subscribe(probe);
    probe.awaitSubscription().request(count);
    Throwable failure = probe.awaitFailure();
    assertInstanceOf(IllegalArgumentException.class, failure);
    assertTrue(failure.getMessage().contains("3.9"), failure.getMessage());
    assertTrue(failure.getMessage().contains(Long.toString(count)), failure.getMessage());
    probe.awaitSubscription().request(1);
    system.awaitQuiescence();
    assertTrue(probe.elements.isEmpty());
  }

  @Test
  void spec306_requestAfterCancelDoesNothing() {
    Probe<Long> probe = new Probe<>();
    counting(Long.MAX_VALUE).subscribe(probe);
    Subscription subscription = probe.awaitSubscription();
    subscription.cancel();
    subscription.request(1);
    subscription.request(0);
    subscription.cancel();
    system.awaitQuiescence();
    subscription.request(1);
    assertTrue(probe.elements.isEmpty());
    assertFalse(probe.hasEnded());
  }

  /** Also: nothing is sent to an actor that has gone. */
  @Test
  void spec106_streamThatHasEndedCountsAsCancelled() {
    Probe<Long> probe = new Probe<>();
    counting(1).subscribe(probe);
    Subscription subscription = probe.awaitSubscription();
    subscription.request(1);
    probe.awaitElements(1);
    system.awaitQuiescence();
    long deadLettersBefore = system.system().stats().deadLetters();
    subscription.request(1);
    subscription.request(0);
    subscription.cancel();
    system.awaitQuiescence();
    assertEquals(List.of(0L), probe.elements);
    assertTrue(probe.hasCompleted());
    assertEquals(deadLettersBefore, system.system().stats().deadLetters());
  }

  private static Publisher<Long> counting(long count) {
    return Publishers.of(
        system.executor(), sink -> new Counting(sink, count), ActorOptions.defaults());
  }
}
