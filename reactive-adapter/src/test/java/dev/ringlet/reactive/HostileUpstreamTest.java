package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.publisher.TestPublisher;
import reactor.test.publisher.TestPublisher.Violation;

/** Upstreams that break the rules, in every way that reactor-test has, before each subscriber. */
final class HostileUpstreamTest extends SystemTest {
  private final List<Long> givenBack = new CopyOnWriteArrayList<>();
  private final RuntimeException failure = new RuntimeException("made by the test");

  /** What it gave too much comes back, and what was asked for is used. */
  @ParameterizedTest
  @EnumSource
  void upstreamThatOverflowsIsCancelled(SubscriberKind kind) {
    TestPublisher<Long> upstream = heedless(Violation.REQUEST_OVERFLOW);
    Probe<Long> probe = subscribe(kind, upstream);
    int sent = kind.ahead() + 5;
    // On the executor, so that nobody looks meanwhile.
    system.run(() -> LongStream.range(0, sent).forEach(upstream::next));
    TestSystem.awaitUntil(probe::hasEnded);
    TestSystem.awaitAsserted(upstream::assertCancelled);
    assertEquals(numbers(0, kind.ahead()), probe.elements);
    assertEquals(numbers(kind.ahead(), sent), givenBack);
    if (kind == SubscriberKind.FIRST) {
      assertTrue(probe.hasCompleted());
    } else {
      var told = assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
      assertTrue(told.getMessage().contains("1.1"), told.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource
  void spec213_nullElementIsTheUpstreamsMistakeAndTheStreamGoesOn(SubscriberKind kind) {
    TestPublisher<Long> upstream = TestPublisher.createNoncompliant(Violation.ALLOW_NULL);
    Probe<Long> probe = subscribe(kind, upstream);
    var thrown = assertThrows(NullPointerException.class, () -> upstream.next((Long) null));
    assertTrue(thrown.getMessage().contains("2.13"), thrown.getMessage());
    upstream.next(0L).complete();
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(0L), probe.elements);
    assertEquals(List.of(), givenBack);
  }

  @ParameterizedTest
  @EnumSource
  void signalsBehindACompletionChangeNothing(SubscriberKind kind) {
    Probe<Long> probe =
        ended(kind, upstream -> upstream.next(0L).complete().error(failure).next(1L).complete());
    system.endTest();
    assertTrue(probe.hasCompleted());
    assertEquals(List.of(0L), probe.elements);
    assertEquals(List.of(1L), givenBack);
  }

  @ParameterizedTest
  @EnumSource
  void signalsBehindAFailureChangeNothing(SubscriberKind kind) {
    AssertionError second = new AssertionError("a second one");
    Probe<Long> probe =
        ended(kind, upstream -> upstream.error(failure).next(0L).error(second).complete());
    assertSame(failure, probe.awaitFailure());
    system.endTest();
    assertSame(failure, probe.awaitFailure());
    assertEquals(List.of(), probe.elements);
    assertEquals(List.of(0L), givenBack);
  }

  /** What the subscriber has got at its end, of an upstream that goes on behind its end. */
  private Probe<Long> ended(SubscriberKind kind, Consumer<TestPublisher<Long>> signals) {
    TestPublisher<Long> upstream = heedless(Violation.CLEANUP_ON_TERMINATE);
    Probe<Long> probe = subscribe(kind, upstream);
    signals.accept(upstream);
    TestSystem.awaitUntil(probe::hasEnded);
    return probe;
  }

  @ParameterizedTest
  @EnumSource
  void elementsThatComeAfterACancelAreGivenBack(SubscriberKind kind) {
    TestPublisher<Long> upstream = heedless(Violation.DEFER_CANCELLATION);
    Probe<Long> probe = subscribe(kind, upstream);
    upstream.next(0L);
    probe.awaitElements(1);
    probe.awaitSubscription().cancel();
    TestSystem.awaitAsserted(upstream::assertCancelled);
    upstream.next(1L, 2L).complete();
    system.endTest();
    assertEquals(List.of(0L), probe.elements);
    assertEquals(List.of(1L, 2L), givenBack);
    assertEquals(kind.isFuture(), probe.hasEnded());
    upstream.assertCancelled(1);
  }

  /** It signals whatever a test says, be it after a cancel, or more than it was asked for. */
  private static TestPublisher<Long> heedless(Violation more) {
    return TestPublisher.createNoncompliant(
        more, Violation.REQUEST_OVERFLOW, Violation.DEFER_CANCELLATION);
  }

  private Probe<Long> subscribe(SubscriberKind kind, TestPublisher<Long> upstream) {
    Probe<Long> probe = kind.subscribe(system, upstream, givenBack::add);
    TestSystem.awaitAsserted(() -> upstream.assertMinRequested(kind.ahead()));
    return probe;
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
