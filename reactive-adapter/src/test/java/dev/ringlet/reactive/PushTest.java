package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.reactive.PushOptions.Overflow;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A publisher that is pushed into, its bound and what becomes of one element more. */
final class PushTest extends SystemTest {
  private final List<Integer> givenBack = new CopyOnWriteArrayList<>();
  private final Probe<Integer> probe = new Probe<>();

  @Test
  void elementsFromBeforeAndAfterTheSubscriptionComeInOrder() {
    PushPublisher<Integer> source = source(8, Overflow.REJECT);
    offerAll(source, 0, 3);
    source.subscribe(probe);
    probe.awaitSubscription().request(2);
    probe.awaitElements(2);
    offerAll(source, 3, 6);
    probe.awaitSubscription().request(10);
    probe.awaitElements(6);
    offerAll(source, 6, 8);
    source.complete();
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(range(0, 8), probe.elements);
    assertTrue(givenBack.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 1_000})
  void rejectsWhatHasNoRoom(int capacity) {
    PushPublisher<Integer> source = source(capacity, Overflow.REJECT);
    offerAll(source, 0, capacity);
    assertFalse(source.offer(-1));
    assertFalse(source.isClosed());
    source.subscribe(probe);
    for (int i = 0; i < 3 * capacity; i++) {
      probe.awaitSubscription().request(1);
      probe.awaitElements(i + 1);
      assertTrue(source.offer(capacity + i));
      assertFalse(source.offer(-1));
    }
    source.complete();
    probe.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(range(0, 4 * capacity), probe.elements);
    assertTrue(givenBack.isEmpty());
  }

  @Test
  void dropsTheNewest() {
    PushPublisher<Integer> source = source(2, Overflow.DROP_NEWEST);
    offerAll(source, 0, 4);
    assertEquals(List.of(2, 3), givenBack);
    expectAndComplete(source, 0, 1);
  }

  @Test
  void dropsTheOldest() {
    PushPublisher<Integer> source = source(3, Overflow.DROP_OLDEST);
    offerAll(source, 0, 5);
    assertEquals(List.of(0, 1), givenBack);
    expectAndComplete(source, 2, 3, 4);
  }

  @Test
  void keepsOnlyTheLatest() {
    PushPublisher<Integer> source =
        Publishers.push(
            system.executor(), PushOptions.<Integer>latest().withDiscard(givenBack::add));
    offerAll(source, 0, 4);
    assertEquals(List.of(0, 1, 2), givenBack);
    expectAndComplete(source, 3);
  }

  @Test
  void failsBehindWhatWaits() {
    PushPublisher<Integer> source = source(2, Overflow.FAIL);
    offerAll(source, 0, 2);
    assertFalse(source.offer(2));
    assertTrue(source.isClosed());
    StepVerifier.create(source, 1)
        .expectNext(0)
        .thenRequest(1)
        .expectNext(1)
        .expectErrorSatisfies(failure -> Expect.mistake(failure, "capacity: 2"))
        .verify(TestSystem.PATIENCE);
    assertFalse(source.offer(3));
    assertTrue(givenBack.isEmpty());
  }

  private static void expectAndComplete(PushPublisher<Integer> source, Integer... elements) {
    source.complete();
    StepVerifier.create(source).expectNext(elements).expectComplete().verify(TestSystem.PATIENCE);
  }

  @Test
  void firstEndCountsAndNeedsNoDemand() {
    PushPublisher<Integer> source = source(2, Overflow.REJECT);
    RuntimeException failure = new RuntimeException("made by the test");
    source.fail(failure);
    source.complete();
    source.fail(new AssertionError("too late"));
    assertTrue(source.isClosed());
    assertFalse(source.offer(0));
    source.subscribe(probe);
    assertSame(failure, probe.awaitFailure());
    assertTrue(probe.elements.isEmpty());
  }

  @Test
  void endComesBehindWhatWaits() {
    PushPublisher<Integer> source = source(2, Overflow.REJECT);
    source.subscribe(probe);
    offerAll(source, 0, 2);
    source.complete();
    assertFalse(source.offer(2));
    probe.awaitSubscription().request(1);
    probe.awaitElements(1);
    assertFalse(probe.hasEnded());
    assertFalse(isOver(source));
    probe.awaitSubscription().request(1);
    TestSystem.awaitUntil(probe::hasCompleted);
    awaitOver(source);
    assertEquals(range(0, 2), probe.elements);
  }

  @Test
  void cancelGivesBackWhatWaitsAndClosesTheSource() {
    PushPublisher<Integer> source = filled(4);
    takeTheFirst(source);
    probe.awaitSubscription().cancel();
    awaitOver(source);
    assertTrue(source.isClosed());
    assertFalse(source.offer(4));
    assertEquals(range(1, 4), givenBack);
    source.complete();
    source.close();
    assertFalse(probe.hasEnded());
  }

  @Test
  void cancelBeforeAnythingElseCountsToo() {
    PushPublisher<Integer> source = source(4, Overflow.DROP_OLDEST);
    offerAll(source, 0, 6);
    source.subscribe(
        new Probe<>() {
          @Override
          public void onSubscribe(Subscription given) {
            given.cancel();
          }
        });
    awaitOver(source);
    assertFalse(source.offer(6));
    assertEquals(range(0, 6), givenBack);
  }

  @Test
  void subscriberThatThrowsHasCancelled() {
    PushPublisher<Integer> source = filled(4);
    source.subscribe(
        Probe.greedy(
            element -> {
              throw new IllegalStateException("thrown by the test's subscriber");
            }));
    awaitOver(source);
    assertEquals(range(1, 4), givenBack);
  }

  @Test
  void secondSubscriberGetsAnErrorAndTheFirstNoticesNothing() {
    PushPublisher<Integer> source = source(4, Overflow.REJECT);
    source.subscribe(probe);
    probe.awaitSubscription().request(10);
    expectOneSubscriberOnly(source);
    offerAll(source, 0, 2);
    probe.awaitElements(2);
    probe.awaitSubscription().cancel();
    awaitOver(source);
    expectOneSubscriberOnly(source);
  }

  private static void expectOneSubscriberOnly(PushPublisher<Integer> source) {
    StepVerifier.create(source)
        .expectSubscription()
        .expectErrorSatisfies(failure -> Expect.mistake(failure, "one subscriber"))
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void closeGivesBackWhatWaitsThoughNobodyHasCome() {
    PushPublisher<Integer> source = filled(3);
    source.complete();
    source.close();
    assertTrue(isOver(source));
    assertEquals(range(0, 3), givenBack);
    source.close();
    system.awaitQuiescence();
    source.subscribe(probe);
    assertTrue(probe.awaitFailure().getMessage().contains("closed"));
    assertEquals(range(0, 3), givenBack);
  }

  @Test
  void closeCancelsTheStreamForItsSubscriber() {
    PushPublisher<Integer> source = filled(3);
    takeTheFirst(source);
    source.close();
    assertFalse(source.offer(3));
    assertTrue(probe.awaitFailure().getMessage().contains("closed"));
    assertEquals(range(1, 3), givenBack);
    assertEquals(List.of(0), probe.elements);
  }

  @Test
  void closeHidesNoFailure() {
    PushPublisher<Integer> source = filled(3);
    RuntimeException failure = new RuntimeException("made by the test");
    source.fail(failure);
    source.close();
    source.subscribe(probe);
    assertSame(failure, probe.awaitFailure());
    assertEquals(range(0, 3), givenBack);
  }

  @Test
  void closeOfTheSystemGivesBackWhatWaitsThoughNobodyHasCome() {
    PushPublisher<Integer> source;
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      source = filled(closing, 3);
    }
    awaitOver(source);
    assertFalse(source.offer(3));
    assertEquals(range(0, 3), givenBack);
    source.subscribe(probe);
    probe.awaitFailure();
  }

  @Test
  void closeOfTheSystemGivesBackWhatWaitsAndFails() {
    PushPublisher<Integer> source;
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      source = filled(closing, 3);
      takeTheFirst(source);
    }
    probe.awaitFailure();
    awaitOver(source);
    assertFalse(source.offer(3));
    assertEquals(range(1, 3), givenBack);
  }

  @Test
  void sourceOfAClosedSystemIsClosed() {
    TestSystem closed = TestSystem.open(ExecutorPool.AUTO);
    closed.close();
    PushPublisher<Integer> source = source(closed, 4, Overflow.REJECT);
    assertTrue(isOver(source));
    assertFalse(source.offer(0));
    source.subscribe(probe);
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
  }

  @Test
  void sourcesMadeWhileTheSystemClosesAllHearOfIt() {
    List<PushPublisher<Integer>> sources = new CopyOnWriteArrayList<>();
    AtomicInteger accepted = new AtomicInteger();
    CompletableFuture<Void> making;
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      making =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 500; i++) {
                  PushPublisher<Integer> source = source(closing, 4, Overflow.REJECT);
                  if (source.offer(i)) {
                    accepted.incrementAndGet();
                  }
                  sources.add(source);
                }
              });
      TestSystem.awaitUntil(() -> sources.size() > 50);
    }
    TestSystem.get(making);
    sources.forEach(PushTest::awaitOver);
    for (PushPublisher<Integer> source : sources) {
      assertFalse(source.offer(-1));
    }
    assertEquals(accepted.get(), givenBack.size());
  }

  @Test
  void elementsOfTheOwnCoreComeToo() {
    PushPublisher<Integer> source = source(8, Overflow.REJECT);
    source.subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    system.run(() -> offerAll(source, 0, 8));
    source.complete();
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(range(0, 8), probe.elements);
  }

  /** The subscriber is the producer, so that recursion would show. */
  @Test
  void spec303_offerAndRequestFromOnNextDoNotRecurse() {
    int length = 200_000;
    PushPublisher<Integer> source = source(1, Overflow.REJECT);
    offerAll(source, 0, 1);
    Flux<Integer> looped =
        Flux.from(source)
            .limitRate(1)
            .doOnNext(
                element -> {
                  if (element + 1 == length) {
                    source.complete();
                  } else {
                    assertTrue(source.offer(element + 1));
                  }
                });
    StepVerifier.create(looped.count())
        .expectNext((long) length)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  /** An element follows the other until another task has run in between. */
  @Test
  void othersGetTheCoreWhileElementsArePassedOn() {
    AtomicBoolean yielded = new AtomicBoolean();
    PushPublisher<Integer> source = source(2, Overflow.REJECT);
    offerAll(source, 0, 1);
    Flux<Integer> endless =
        Flux.from(source)
            .doOnNext(
                element -> {
                  if (element == 0) {
                    system.executor().execute(() -> yielded.set(true));
                  }
                  if (yielded.get()) {
                    source.complete();
                  } else {
                    assertTrue(source.offer(element + 1));
                  }
                });
    StepVerifier.create(endless.then()).expectComplete().verify(TestSystem.PATIENCE);
  }

  /** All waits already, so nobody but the source itself sees to it that it goes on. */
  @Test
  void largestBufferIsPassedOnThoughOthersWantTheCore() {
    PushPublisher<Integer> source = source(PushOptions.MAX_CAPACITY, Overflow.REJECT);
    offerAll(source, 0, PushOptions.MAX_CAPACITY);
    assertFalse(source.offer(-1));
    source.complete();
    Disposable busy =
        Flux.from(
                Publishers.<Integer, Integer>generate(
                    system.executor(), () -> 0, (state, sink) -> sink.next(state)))
            .subscribe();
    Expect.numbers(PushOptions.MAX_CAPACITY, source);
    busy.dispose();
  }

  @Test
  void endedStreamsLeaveNoDeadLetters() {
    expectNoDeadLetters(
        () -> {
          expectAndComplete(filled(4), 0, 1, 2, 3);
          StepVerifier.create(Flux.from(filled(4)).take(2)).expectNextCount(2).verifyComplete();
          source(4, Overflow.REJECT).close();
        });
    assertEquals(400, givenBack.size());
  }

  @ParameterizedTest
  @EnumSource(names = {"DROP_NEWEST", "DROP_OLDEST"})
  void discardHookThatThrowsDoesNotHurtTheStream(Overflow policy) {
    PushPublisher<Integer> source =
        Publishers.push(
            system.executor(),
            PushOptions.<Integer>bounded(1)
                .withOverflow(policy)
                .withDiscard(
                    element -> {
                      throw new IllegalStateException("thrown by the test's hook");
                    }));
    offerAll(source, 0, 2);
    expectAndComplete(source, policy == Overflow.DROP_OLDEST ? 1 : 0);
  }

  @Test
  void nobodyElseCompletesTheStageOfTheEnd() {
    PushPublisher<Integer> source = source(1, Overflow.REJECT);
    source.whenOver().toCompletableFuture().complete(null);
    assertFalse(isOver(source));
    source.close();
    assertTrue(isOver(source));
  }

  @Test
  void badInputIsRefused() {
    for (int capacity : new int[] {0, -1, PushOptions.MAX_CAPACITY + 1}) {
      var failure =
          assertThrows(IllegalArgumentException.class, () -> PushOptions.bounded(capacity));
      assertTrue(failure.getMessage().contains("capacity: " + capacity), failure.getMessage());
    }
    PushPublisher<Integer> source = source(1, Overflow.REJECT);
    assertThrows(NullPointerException.class, () -> source.offer(null));
    assertThrows(NullPointerException.class, () -> source.fail(null));
    assertThrows(NullPointerException.class, () -> source.subscribe(null));
    assertTrue(source.offer(1));
    source.close();
  }

  private PushPublisher<Integer> source(int capacity, Overflow overflow) {
    return source(system, capacity, overflow);
  }

  private PushPublisher<Integer> source(TestSystem on, int capacity, Overflow overflow) {
    return Publishers.push(
        on.executor(),
        PushOptions.<Integer>bounded(capacity).withOverflow(overflow).withDiscard(givenBack::add));
  }

  /** One with room for four elements. */
  private PushPublisher<Integer> filled(int count) {
    return filled(system, count);
  }

  private PushPublisher<Integer> filled(TestSystem on, int count) {
    PushPublisher<Integer> source = source(on, 4, Overflow.REJECT);
    offerAll(source, 0, count);
    return source;
  }

  /** The others wait, for the probe. */
  private void takeTheFirst(PushPublisher<Integer> source) {
    source.subscribe(probe);
    probe.awaitSubscription().request(1);
    probe.awaitElements(1);
  }

  private static void offerAll(PushPublisher<Integer> source, int from, int to) {
    for (int i = from; i < to; i++) {
      assertTrue(source.offer(i), "offer of " + i);
    }
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static boolean isOver(PushPublisher<?> source) {
    return source.whenOver().toCompletableFuture().isDone();
  }

  private static void awaitOver(PushPublisher<?> source) {
    TestSystem.awaitUntil(() -> isOver(source));
  }
}
