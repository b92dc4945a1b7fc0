package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** A publisher that steps a state. */
final class GenerateTest extends SystemTest {
  private final List<Numbers> states = new CopyOnWriteArrayList<>();
  private final Probe<Long> probe = new Probe<>();

  /** Each of them once, be it by the end of its actor. */
  @AfterEach
  void statesAreClosed() {
    system.endTest();
    for (Numbers state : states) {
      assertEquals(1, state.closes.get());
    }
  }

  @Test
  void givesAnElementForEachStepUntilTheEnd() {
    StepVerifier.create(counting(3), 0)
        .thenRequest(2)
        .expectNext(0L, 1L)
        .thenRequest(1)
        .expectNext(2L)
        .thenRequest(1)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    assertEquals(4, states.get(0).steps);
  }

  @Test
  void takesNoMoreStepsThanWereRequested() {
    StepVerifier.create(Flux.from(counting(Long.MAX_VALUE)).limitRate(7).take(1_000))
        .expectNextCount(1_000)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void eachSubscriberHasAStateOfItsOwn() {
    Publisher<Long> twice = counting(3);
    StepVerifier.create(Flux.merge(twice, twice).collectSortedList())
        .expectNext(List.of(0L, 0L, 1L, 1L, 2L, 2L))
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    assertEquals(2, states.size());
  }

  @Test
  void stateIsMadeWithTheFirstDemand() {
    counting(3).subscribe(probe);
    probe.awaitSubscription();
    system.awaitTurn();
    assertTrue(states.isEmpty());
    probe.awaitSubscription().cancel();
    system.awaitQuiescence();
    assertTrue(states.isEmpty());
  }

  @Test
  void stepMayGiveItsElementAndEnd() {
    StepVerifier.create(generate(afterA7(Sink::complete)))
        .expectNext(7L)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    assertEquals(1, states.size());
  }

  @Test
  void failureOfTheSinkEndsTheStream() {
    StepVerifier.create(generate((state, sink) -> sink.fail(new Boom())))
        .expectError(Boom.class)
        .verify(TestSystem.PATIENCE);
    assertEquals(1, states.size());
  }

  @Test
  void whatTheStepThrowsComesBehindItsElement() {
    StepVerifier.create(
            generate(
                afterA7(
                    sink -> {
                      throw new Boom();
                    })))
        .expectNext(7L)
        .expectError(Boom.class)
        .verify(TestSystem.PATIENCE);
    assertEquals(1, states.size());
  }

  /** When another task has run in between, the stream has yielded and goes on in a continuation. */
  @Test
  void errorOfAStepBehindAYieldIsSignalledAsItIs() {
    AssertionError error = new AssertionError("made by the test");
    AtomicBoolean yielded = new AtomicBoolean();
    Publisher<Long> failing =
        generate(
            (state, sink) -> {
              if (state.steps == 1) {
                system.executor().execute(() -> yielded.set(true));
              }
              if (yielded.get()) {
                throw error;
              }
              sink.next(state.next++);
            });
    StepVerifier.create(failing)
        .thenConsumeWhile(element -> true)
        .expectErrorSatisfies(failure -> assertSame(error, failure))
        .verify(TestSystem.PATIENCE);
    assertEquals(1, states.size());
  }

  @Test
  void stepThatDoesNothingIsAMistake() {
    StepVerifier.create(
            generate(
                (state, sink) -> {
                  if (state.steps < 3) {
                    sink.next(state.next++);
                  }
                }))
        .expectNext(0L, 1L)
        .expectErrorSatisfies(failure -> Expect.mistake(failure, "without an element"))
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void stepThatGivesTwiceIsAMistake() {
    StepVerifier.create(generate(afterA7(sink -> sink.next(8L))), 1)
        .expectNext(7L)
        .expectErrorSatisfies(failure -> Expect.mistake(failure, "second time"))
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void stepThatGivesTwiceIsToldEvenIfItDoesNotListen() {
    StepVerifier.create(
            generate(
                afterA7(sink -> assertThrows(IllegalStateException.class, () -> sink.next(8L)))))
        .expectNext(7L)
        .expectErrorSatisfies(failure -> Expect.mistake(failure, "second time"))
        .verify(TestSystem.PATIENCE);
    assertEquals(1, states.get(0).steps);
  }

  @Test
  void nullElementIsAMistake() {
    StepVerifier.create(generate((state, sink) -> sink.next(null)))
        .expectError(NullPointerException.class)
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void nullStateIsAMistake() {
    StepVerifier.create(
            Publishers.<Long, Object>generate(
                system.executor(), () -> null, (state, sink) -> sink.complete()))
        .expectErrorSatisfies(
            failure -> assertTrue(failure.getMessage().contains("supplier"), failure.toString()))
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void supplierThatThrowsIsSignalled() {
    StepVerifier.create(
            Publishers.<Long, Object>generate(
                system.executor(),
                () -> {
                  throw new Boom();
                },
                (state, sink) -> sink.complete()))
        .expectError(Boom.class)
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void sinkIsForTheStepOnly() {
    AtomicReference<Sink<Long>> leaked = new AtomicReference<>();
    generate(
            (state, sink) -> {
              leaked.set(sink);
              sink.next(state.next++);
            })
        .subscribe(probe);
    probe.awaitSubscription().request(2);
    probe.awaitElements(2);
    Sink<Long> sink = leaked.get();
    for (Runnable call : List.<Runnable>of(() -> sink.next(7L), sink::complete, sink::demand)) {
      var failure = assertThrows(IllegalStateException.class, call::run);
      assertTrue(failure.getMessage().contains("thread"), failure.getMessage());
    }
    assertFalse(probe.hasEnded());
    system.run(() -> assertThrows(IllegalStateException.class, () -> sink.next(7L)));
    Expect.mistake(probe.awaitFailure(), "outside of a step");
    assertEquals(List.of(0L, 1L), probe.elements);
  }

  @Test
  void elementThatNobodyListensToStaysTheSteps() {
    List<Boolean> answers = new CopyOnWriteArrayList<>();
    generate(
            (state, sink) -> {
              answers.add(sink.next(state.next++));
              if (state.steps == 2) {
                throw new AssertionError("no step after a cancel");
              }
              probe.awaitSubscription().cancel();
              answers.add(sink.next(state.next++));
            })
        .subscribe(probe);
    probe.awaitSubscription().request(10);
    system.awaitQuiescence();
    assertEquals(List.of(true, false), answers);
    assertEquals(List.of(0L), probe.elements);
    assertFalse(probe.hasEnded());
  }

  @Test
  void cancelClosesTheState() {
    counting(Long.MAX_VALUE).subscribe(probe);
    probe.awaitSubscription().request(3);
    probe.awaitElements(3);
    probe.awaitSubscription().cancel();
    TestSystem.awaitUntil(() -> states.get(0).closes.get() == 1);
    assertFalse(probe.hasEnded());
  }

  @Test
  void subscriberThatThrowsClosesTheState() {
    counting(Long.MAX_VALUE)
        .subscribe(
            Probe.greedy(
                element -> {
                  throw new Boom();
                }));
    TestSystem.awaitUntil(() -> !states.isEmpty() && states.get(0).closes.get() == 1);
    assertEquals(1, states.get(0).steps);
  }

  @Test
  void spec309_requestZeroClosesTheState() {
    counting(Long.MAX_VALUE).subscribe(probe);
    probe.awaitSubscription().request(1);
    probe.awaitElements(1);
    probe.awaitSubscription().request(0);
    assertInstanceOf(IllegalArgumentException.class, probe.awaitFailure());
  }

  @Test
  void closeOfTheSystemClosesTheStateAndFails() {
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      counting(closing, Long.MAX_VALUE).subscribe(probe);
      probe.awaitSubscription().request(1);
      probe.awaitElements(1);
    }
    probe.awaitFailure();
    assertEquals(1, states.get(0).closes.get());
  }

  /** The stream is in the middle of its run, and yields, when the system closes. */
  @Test
  void closeOfTheSystemEndsARunThatNeverEnds() {
    CountingProbe busy = new CountingProbe();
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      counting(closing, Long.MAX_VALUE).subscribe(busy);
      busy.awaitSubscription().request(Long.MAX_VALUE);
      TestSystem.awaitUntil(() -> busy.count.get() > 1_000);
    }
    busy.awaitFailure();
    assertEquals(1, states.get(0).closes.get());
  }

  @Test
  void closeHookThatThrowsDoesNotHurtTheStream() {
    long failuresBefore = system.system().stats().failures();
    StepVerifier.create(
            Publishers.<Long, Numbers>generate(
                system.executor(),
                Numbers::new,
                (state, sink) -> sink.complete(),
                state -> {
                  throw new Boom();
                },
                ActorOptions.named("careless")))
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    system.awaitQuiescence();
    assertEquals(failuresBefore, system.system().stats().failures());
  }

  @Test
  void othersGetTheCoreWhileItRuns() {
    CountingProbe busy = new CountingProbe();
    counting(Long.MAX_VALUE).subscribe(busy);
    busy.awaitSubscription().request(Long.MAX_VALUE);
    for (int i = 0; i < 10; i++) {
      system.awaitTurn();
    }
    long before = busy.count.get();
    TestSystem.awaitUntil(() -> busy.count.get() > before);
    busy.awaitSubscription().cancel();
  }

  @Test
  void spec303_requestFromOnNextDoesNotRecurse() {
    Expect.oneByOne(200_000, counting(200_000));
  }

  @Test
  void endedStreamsLeaveNoDeadLetters() {
    expectNoDeadLetters(
        () -> {
          StepVerifier.create(counting(3)).expectNextCount(3).verifyComplete();
          StepVerifier.create(Flux.from(counting(100)).take(2)).expectNextCount(2).verifyComplete();
        });
  }

  /** A step that gives an element and does something more. */
  private static BiConsumer<Numbers, Sink<Long>> afterA7(Consumer<Sink<Long>> more) {
    return (state, sink) -> {
      sink.next(7L);
      more.accept(sink);
    };
  }

  private Publisher<Long> counting(long count) {
    return counting(system, count);
  }

  private Publisher<Long> counting(TestSystem on, long count) {
    return generate(
        on,
        (state, sink) -> {
          if (state.next == count) {
            sink.complete();
          } else {
            sink.next(state.next++);
          }
        });
  }

  private Publisher<Long> generate(BiConsumer<Numbers, Sink<Long>> step) {
    return generate(system, step);
  }

  private Publisher<Long> generate(TestSystem on, BiConsumer<Numbers, Sink<Long>> step) {
    return Publishers.generate(
        on.executor(),
        () -> {
          Numbers made = new Numbers();
          states.add(made);
          return made;
        },
        (state, sink) -> {
          state.steps++;
          step.accept(state, sink);
        },
        state -> state.closes.incrementAndGet(),
        ActorOptions.defaults());
  }

  private static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Numbers {
    private final AtomicInteger closes = new AtomicInteger();
    private long next;
    private int steps;
  }

  /** Counts the elements and keeps none. */
  private static final class CountingProbe extends Probe<Long> {
    private final AtomicLong count = new AtomicLong();

    @Override
    public void onNext(Long element) {
      count.incrementAndGet();
    }
  }
}
