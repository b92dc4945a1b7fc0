package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Tests of a stage, and what more than one stage is put through. */
abstract class StageTest extends SystemTest {
  final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  final List<Integer> givenBack = new CopyOnWriteArrayList<>();
  final Probe<Integer> probe = new Probe<>();

  /**
   * Makes a stage that passes on what it gets.
   *
   * @param ahead for how many elements it asks at first
   * @param discard gets the elements that nobody takes
   */
  abstract Publisher<Integer> stage(
      TestSystem on, Publisher<Integer> source, int ahead, Consumer<Integer> discard);

  final Publisher<Integer> stage(Publisher<Integer> source, int ahead) {
    return stage(system, source, ahead, givenBack::add);
  }

  /** Six elements, on the executor, so that nobody looks meanwhile. */
  final void sendAtOnce() {
    system.run(() -> upstream.send(0, 1, 2, 3, 4, 5));
  }

  /** Upstream and cancel on threads of their own; each element goes one way. */
  final void expectNothingIsLostByACancelAtAnyMoment() {
    for (int round = 0; round < 100; round++) {
      AtomicInteger given = new AtomicInteger();
      AtomicInteger back = new AtomicInteger();
      AtomicInteger taken = new AtomicInteger();
      int last = round * 5;
      // Its queue is given back by its own hook.
      Flux<Integer> source =
          Flux.range(0, 100_000)
              .publishOn(Schedulers.single(), 1)
              .doOnNext(element -> given.incrementAndGet());
      StepVerifier.create(
              Flux.from(stage(system, source, 8, element -> back.incrementAndGet()))
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

  final void expectNothingBehindTheEnd() {
    stage(upstream, 4).subscribe(probe);
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
  }

  final void expectRequestOfNoneToCancelAndFail() {
    stage(upstream, 4).subscribe(probe);
    upstream.awaitSubscribed();
    probe.awaitSubscription().request(0);
    Throwable failure = probe.awaitFailure();
    assertInstanceOf(IllegalArgumentException.class, failure);
    assertTrue(failure.getMessage().contains("3.9"), failure.getMessage());
    upstream.awaitCancel();
  }

  final void expectDemandToSaturate() {
    stage(Flux.range(0, 1_000), 16).subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(1_000, probe.elements.size());
  }

  final void expectFailureOfSubscribe() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    stage(
            subscriber -> {
              throw failure;
            },
            4)
        .subscribe(probe);
    assertSame(failure, probe.awaitFailure());
  }

  /**
   * Signals without a subscription are heard, and an element is a mistake.
   *
   * @param demand in front of the element
   */
  final void expectSignalsWithoutASubscription(long demand) {
    RuntimeException failure = new RuntimeException("made by the test");
    StepVerifier.create(stage(subscriber -> subscriber.onError(failure), 4), 0)
        .expectErrorMatches(thrown -> thrown == failure)
        .verify(TestSystem.PATIENCE);
    StepVerifier.create(stage(Subscriber::onComplete, 4), 0)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    StepVerifier.create(stage(subscriber -> subscriber.onNext(7), 4), demand)
        .expectError(IllegalStateException.class)
        .verify(TestSystem.PATIENCE);
    assertEquals(List.of(7), givenBack);
  }

  /** One element is taken, two wait, and a fourth comes after the close. */
  final void expectFailureByTheCloseOfTheSystem() {
    try (TestSystem closed = TestSystem.open(ExecutorPool.AUTO)) {
      stage(closed, upstream, 4, givenBack::add).subscribe(probe);
      probe.awaitSubscription().request(1);
      upstream.awaitRequested(4);
      upstream.send(0, 1, 2);
      probe.awaitElements(1);
    }
    probe.awaitFailure();
    assertEquals(1, upstream.cancels.get());
    upstream.send(3);
  }
}
