package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Publishers and processors between the operators of Reactor. */
final class ReactorTest extends SystemTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<Object> dropped = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @EnumSource
  void elementsComeInStepsAsTheyAreAskedFor(PublisherKind kind) {
    long count = kind.atMost(100);
    verify(
        StepVerifier.create(Flux.from(kind.numbers(system, 100)).map(Object::toString), 0)
            .expectSubscription()
            .then(system::awaitTurn)
            .thenRequest(1)
            .expectNext("0")
            .then(system::awaitTurn)
            .thenRequest(9)
            .expectNextCount(Math.min(count, 10) - 1)
            .then(system::awaitTurn)
            .thenRequest(100)
            .expectNextCount(count - Math.min(count, 10))
            .expectComplete());
  }

  /** Small prefetches, so that demand goes to and fro all the time. */
  @ParameterizedTest
  @EnumSource
  void operatorsThatAskInBatchesGetEverythingInOrder(PublisherKind kind) {
    int count = (int) kind.atMost(10_000);
    Flux<String> stream =
        Flux.from(kind.numbers(system, 10_000))
            .map(Object::toString)
            .limitRate(7, 2)
            .publishOn(Schedulers.parallel(), 3)
            .concatMap(number -> Flux.just(number).hide(), 1)
            .buffer(10)
            .flatMapSequential(Flux::fromIterable, 2, 5);
    verify(
        StepVerifier.create(stream.collectList())
            .expectNext(LongStream.range(0, count).mapToObj(Long::toString).toList())
            .expectComplete());
  }

  @ParameterizedTest
  @EnumSource
  void cancelInTheMiddleDropsNothing(PublisherKind kind) {
    long count = kind.atMost(50);
    verify(
        StepVerifier.create(
                Flux.from(kind.numbers(system, 10_000)).limitRate(8).take(50).map(Object::toString))
            .expectNextSequence(LongStream.range(0, count).mapToObj(Long::toString).toList())
            .expectComplete());
  }

  @ParameterizedTest
  @EnumSource
  void upstreamIsSubscribedAskedAndCancelledOnce(ProcessorKind kind) {
    PublisherProbe<Long> upstream =
        PublisherProbe.of(Flux.range(0, 1_000).map(Integer::longValue).concatWith(Flux.never()));
    Publisher<Long> processor = kind.of(system, upstream.flux());
    StepVerifier.create(processor, 0)
        .expectSubscription()
        .then(() -> TestSystem.awaitAsserted(upstream::assertWasSubscribed))
        .then(system::awaitTurn)
        .then(upstream::assertWasNotRequested)
        .thenRequest(10)
        .expectNextCount(10)
        .then(upstream::assertWasRequested)
        .then(upstream::assertWasNotCancelled)
        .thenCancel()
        .verify(TestSystem.PATIENCE);
    TestSystem.awaitAsserted(upstream::assertWasCancelled);
    assertEquals(1, upstream.subscribeCount());
  }

  @ParameterizedTest
  @EnumSource
  void upstreamIsNotAskedAfterItsFailure(ProcessorKind kind) {
    TestPublisher<Long> upstream = TestPublisher.create();
    RuntimeException failure = new RuntimeException("made by the test");
    StepVerifier.create(kind.of(system, upstream.flux(), dropped::add))
        .expectSubscription()
        .then(() -> TestSystem.awaitAsserted(upstream::assertWasRequested))
        .then(() -> upstream.next(0L, 1L).error(failure))
        .expectNext(0L, 1L)
        .expectErrorMatches(given -> given == failure)
        .verify(TestSystem.PATIENCE);
    system.endTest();
    upstream.assertWasNotCancelled();
    assertTrue(dropped.isEmpty());
  }

  /** A day of ticks behind a core; the clock goes on only when the stream waits for it. */
  @ParameterizedTest
  @EnumSource
  void ticksOfVirtualTimePassAProcessor(ProcessorKind kind) {
    StepVerifier.withVirtualTime(
            () -> Flux.from(kind.of(system, Flux.interval(HOUR).onBackpressureBuffer().take(24))))
        .expectSubscription()
        .then(() -> awaitTimers(1))
        .thenAwait(HOUR.multipliedBy(23))
        .expectNextSequence(LongStream.range(0, 23).boxed().toList())
        .thenAwait(HOUR)
        .expectNext(23L)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @ParameterizedTest
  @EnumSource
  void publisherIsHeldUpByVirtualTime(PublisherKind kind) {
    long count = kind.atMost(4);
    var steps =
        StepVerifier.withVirtualTime(
                () -> Flux.from(kind.numbers(system, 4)).map(Object::toString).delayElements(HOUR))
            .expectSubscription();
    for (long number = 0; number < count; number++) {
      long timers = number + 1;
      steps =
          steps.then(() -> awaitTimers(timers)).thenAwait(HOUR).expectNext(Long.toString(number));
    }
    steps.expectComplete().verify(TestSystem.PATIENCE);
  }

  @ParameterizedTest
  @EnumSource
  void silenceOfASourceIsFoundByVirtualTime(ProcessorKind kind) {
    StepVerifier.withVirtualTime(
            () -> Flux.from(kind.of(system, Flux.never())).timeout(HOUR, Flux.just(-1L)))
        .expectSubscription()
        .then(() -> awaitTimers(1))
        .thenAwait(HOUR)
        .expectNext(-1L)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  private static void verify(StepVerifier verifier) {
    verifier
        .verifyThenAssertThat(TestSystem.PATIENCE)
        .hasNotDroppedElements()
        .hasNotDroppedErrors();
  }

  private static void awaitTimers(long count) {
    TestSystem.awaitUntil(() -> VirtualTimeScheduler.get().getScheduledTaskCount() >= count);
  }
}
