package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ExecutorPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What becomes of the stream when something in its middle fails or stops. */
final class ThroughFailureTest extends StageTest {
  private final AtomicInteger instances = new AtomicInteger();
  private final AtomicInteger stashed = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  @Override
  Publisher<Integer> stage(
      TestSystem on, Publisher<Integer> source, int ahead, Consumer<Integer> discard) {
    return Processors.throughActor(
        source,
        on.executor(),
        Passing<Integer>::new,
        options(batch(ahead), Supervision.stop()).withDiscard(discard));
  }

  @Test
  void failureOfATurnEndsTheStreamAndGivesItsElementBack() {
    subscribe(sink -> new Failing(sink, Failing.BEFORE_IT_IS_TAKEN), Supervision.stop(), batch(4));
    upstream.send(1, Failing.FATAL, 3);
    assertInstanceOf(Boom.class, probe.awaitFailure());
    upstream.awaitCancel();
    system.awaitQuiescence();
    upstream.send(4);
    assertEquals(List.of(1), probe.elements);
    assertEquals(List.of(Failing.FATAL, 3, 4), givenBack.stream().sorted().toList());
    assertEquals(1, upstream.cancels.get());
  }

  @Test
  void stopOfTheActorEndsTheStream() {
    subscribe(
        sink -> new Failing(sink, (failing, element) -> failing.context.stop()),
        Supervision.stop(),
        batch(4));
    upstream.send(1, Failing.FATAL, 3);
    assertTrue(probe.awaitFailure().getMessage().contains("stopped"));
    upstream.awaitCancel();
    system.awaitQuiescence();
    assertEquals(List.of(Failing.FATAL, 3), givenBack.stream().sorted().toList());
  }

  static List<Consumer<Failing>> waysToFail() {
    return List.of(
        failing -> {
          throw new Boom();
        },
        failing ->
            failing.context.yield(
                () -> {
                  throw new Boom();
                }),
        failing ->
            failing.context.await(
                failing.context.io().delay(Duration.ofNanos(1)),
                (nothing, none) ->
                    failing.context.yield(
                        () -> {
                          throw new Boom();
                        })));
  }

  /** With one place, the stream goes on only if a failed turn does not keep it. */
  @ParameterizedTest
  @MethodSource("waysToFail")
  void failedTurnsKeepNoPlaces(Consumer<Failing> way) {
    for (Supervision supervision : List.of(Supervision.resume(), Supervision.restart())) {
      for (DemandOptions<Integer> options :
          List.of(DemandOptions.<Integer>acknowledged(1), DemandOptions.<Integer>batch(1))) {
        StepVerifier.create(
                publisher(
                    Flux.range(0, 60).map(i -> i % 3 == 0 ? Failing.FATAL : i),
                    sink ->
                        new Failing(
                            sink,
                            (failing, element) -> {
                              if (failing.count++ % 2 == 0) {
                                element.take();
                              }
                              way.accept(failing);
                            }),
                    supervision,
                    options))
            .expectNextSequence(IntStream.range(0, 60).filter(i -> i % 3 != 0).boxed().toList())
            .expectComplete()
            .verify(TestSystem.PATIENCE);
      }
    }
    // Every other one was not taken; with a restart the count begins again.
    assertEquals(20, givenBack.size());
  }

  /** Elements that the failed instance has kept, untaken or not acknowledged. */
  @Test
  void restartGivesUpWhatTheInstanceHad() {
    Publisher<Integer> source =
        publisher(
            upstream,
            sink ->
                new Instance(sink) {
                  private final List<StreamSignal.Element<Integer>> kept =
                      new CopyOnWriteArrayList<>();

                  @Override
                  void onElement(StreamSignal.Element<Integer> element) {
                    if (number > 1) {
                      passOn(element);
                      return;
                    }
                    kept.add(element);
                    if (kept.size() == 2) {
                      assertEquals(1, kept.get(0).take());
                    } else if (kept.size() == 4) {
                      throw new Boom();
                    }
                  }
                },
            Supervision.restart(),
            DemandOptions.acknowledged(4));
    source.subscribe(probe);
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(4);
    upstream.send(1, 2, 3, 4);
    upstream.awaitRequested(8);
    assertEquals(List.of(2, 3, 4), givenBack.stream().sorted().toList());
    upstream.send(5, 6, 7, 8);
    upstream.complete();
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(5, 6, 7, 8), probe.elements);
  }

  @Test
  void stashedElementsComeToTheNextInstance() {
    Publisher<Integer> source =
        publisher(
            upstream,
            sink ->
                new Instance(sink) {
                  @Override
                  void onElement(StreamSignal.Element<Integer> element) {
                    if (number > 1) {
                      passOn(element);
                    } else {
                      context.stash(element);
                      stashed.incrementAndGet();
                    }
                  }

                  @Override
                  void onRequest() {
                    if (number == 1 && stashed.get() == 3) {
                      throw new Boom();
                    }
                  }
                },
            Supervision.restart(),
            DemandOptions.acknowledged(3));
    source.subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(3);
    upstream.send(1, 2, 3);
    TestSystem.awaitUntil(() -> stashed.get() == 3);
    probe.awaitSubscription().request(10);
    probe.awaitElements(3);
    upstream.awaitRequested(6);
    upstream.complete();
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(1, 2, 3), probe.elements);
    assertEquals(List.of(), givenBack);
    assertEquals(2, instances.get());
  }

  @Test
  void stashedElementsAreGivenBackInTheirOrderAtTheEnd() {
    subscribe(
        sink ->
            (signal, context) -> {
              if (signal instanceof StreamSignal.Element<Integer>) {
                context.stash(signal);
                stashed.incrementAndGet();
              }
            },
        Supervision.stop(),
        batch(4));
    upstream.send(1, 2, 3, 4);
    TestSystem.awaitUntil(() -> stashed.get() == 4);
    probe.awaitSubscription().cancel();
    system.awaitQuiescence();
    assertEquals(List.of(1, 2, 3, 4), List.copyOf(givenBack));
  }

  @Test
  void instanceThatComesAfterTheEndIsToldOfItAgain() {
    subscribe(
        sink ->
            new Instance(sink) {
              @Override
              void onCompleted() {
                if (number == 1) {
                  ended.incrementAndGet();
                } else {
                  sink.complete();
                }
              }

              @Override
              void onRequest() {
                if (ended.get() == 1 && number == 1) {
                  throw new Boom();
                }
              }
            },
        Supervision.restart(),
        batch(4));
    upstream.complete();
    TestSystem.awaitUntil(() -> ended.get() == 1);
    assertFalse(probe.hasEnded());
    probe.awaitSubscription().request(1);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(2, instances.get());
  }

  /** It is stashed when it comes, and comes back with the next demand. */
  @Test
  void failureOfAStashedEndEndsTheStream() {
    for (Supervision supervision :
        List.of(Supervision.stop(), Supervision.resume(), Supervision.restart())) {
      ended.set(0);
      Probe<Integer> told = new Probe<>();
      publisher(
              Flux.empty(),
              sink ->
                  (signal, context) -> {
                    if (signal instanceof ThroughSignal.Requested<Integer>) {
                      context.unstashAll();
                    } else if (signal instanceof StreamSignal.Completed<Integer>) {
                      if (ended.incrementAndGet() > 1) {
                        throw new Boom();
                      }
                      context.stash(signal);
                    }
                  },
              supervision,
              batch(2))
          .subscribe(told);
      TestSystem.awaitUntil(() -> ended.get() == 1);
      told.awaitSubscription().request(1);
      assertInstanceOf(Boom.class, told.awaitFailure());
      assertEquals(2, ended.get());
    }
  }

  @Test
  void failureOfTheTurnAboutTheEndEndsTheStream() {
    for (Supervision supervision :
        List.of(Supervision.stop(), Supervision.resume(), Supervision.restart())) {
      StepVerifier.create(
              publisher(
                  Flux.range(0, 3),
                  sink ->
                      new Instance(sink) {
                        @Override
                        void onElement(StreamSignal.Element<Integer> element) {
                          sink.next(element.take());
                        }

                        @Override
                        void onCompleted() {
                          throw new Boom();
                        }
                      },
                  supervision,
                  batch(2)))
          .expectNext(0, 1, 2)
          .expectError(Boom.class)
          .verify(TestSystem.PATIENCE);
    }
  }

  /** Nobody is there then whom postStop could tell. */
  @Test
  void stopInThePauseOfARestartEndsTheStream() {
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      Processors.<Integer, Integer>throughActor(
              upstream,
              closing.executor(),
              sink -> new Failing(sink, Failing.BEFORE_IT_IS_TAKEN),
              options(batch(4), pausing()))
          .subscribe(probe);
      probe.awaitSubscription().request(10);
      upstream.awaitRequested(4);
      upstream.send(1, Failing.FATAL);
      TestSystem.awaitUntil(() -> closing.system().stats().failures() == 1);
      TestSystem.awaitUntil(() -> givenBack.size() == 1);
      upstream.send(3);
    }
    assertInstanceOf(Boom.class, probe.awaitFailure());
    assertEquals(1, upstream.cancels.get());
    upstream.send(4);
    assertEquals(List.of(Failing.FATAL, 3, 4), givenBack);
  }

  private static Supervision pausing() {
    return Supervision.restart().withBackoff(Duration.ofHours(1), Duration.ofHours(2), 0);
  }

  @Test
  void adapterThatThrowsFailsTheTurn() {
    Publisher<Integer> source =
        Processors.<Integer, ThroughSignal<Integer>, Integer>throughActor(
            Flux.range(0, 5),
            system.executor(),
            Passing::new,
            signal -> {
              if (signal instanceof StreamSignal.Element<Integer> && instances.addAndGet(1) == 2) {
                throw new Boom();
              }
              return signal;
            },
            options(DemandOptions.acknowledged(1), Supervision.resume()));
    StepVerifier.create(source).expectNext(0, 2, 3, 4).expectComplete().verify(TestSystem.PATIENCE);
    assertEquals(List.of(1), givenBack);
  }

  @Test
  void startThatFailsIsTold() {
    StepVerifier.create(
            publisher(
                upstream,
                sink -> {
                  throw new Boom();
                },
                Supervision.restart(),
                batch(4)))
        .expectError(Boom.class)
        .verify(TestSystem.PATIENCE);
    assertTrue(upstream.requests.isEmpty());
  }

  /** The upstream is subscribed to once, by the instance that starts. */
  @Test
  void startThatIsTriedAgainGoesOn() {
    StepVerifier.create(
            publisher(
                Flux.range(0, 3),
                sink ->
                    new Passing<>(sink) {
                      @Override
                      public void preStart(ActorContext<ThroughSignal<Integer>> context) {
                        if (instances.incrementAndGet() < 3) {
                          throw new Boom();
                        }
                      }
                    },
                Supervision.restart().withLimit(5, Duration.ofHours(1)),
                batch(4)))
        .expectNext(0, 1, 2)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void upstreamThatThrowsFromSubscribeFailsTheStream() {
    Publisher<Integer> early =
        subscriber -> {
          throw new Boom();
        };
    Publisher<Integer> late =
        subscriber -> {
          upstream.subscribe(subscriber);
          throw new Boom();
        };
    for (Publisher<Integer> broken : List.of(early, late)) {
      StepVerifier.create(publisher(broken, Passing::new, Supervision.restart(), batch(4)), 0)
          .expectError(Boom.class)
          .verify(TestSystem.PATIENCE);
    }
    upstream.awaitCancel();
  }

  @Test
  void spec316_upstreamThatThrowsFromRequestFailsTheStream() {
    ManualUpstream<Integer> broken = ManualUpstream.throwingFromRequest(new Boom());
    StepVerifier.create(publisher(broken, Passing::new, Supervision.restart(), batch(4)))
        .expectError(Boom.class)
        .verify(TestSystem.PATIENCE);
    broken.awaitCancel();
  }

  @Test
  void upstreamThatSignalsWithoutASubscriptionIsHeard() {
    expectSignalsWithoutASubscription(0);
  }

  @Test
  void closeOfTheSystemCancelsTheUpstreamAndFails() {
    expectFailureByTheCloseOfTheSystem();
    assertEquals(List.of(1, 2, 3), givenBack.stream().sorted().toList());
  }

  @Test
  void closedSystemIsTold() {
    TestSystem closed = TestSystem.open(ExecutorPool.AUTO);
    closed.close();
    StepVerifier.create(
            Processors.<Integer, Integer>throughActor(
                upstream, closed.executor(), Passing::new, batch(4)))
        .expectError(IllegalStateException.class)
        .verify(TestSystem.PATIENCE);
    assertTrue(upstream.requests.isEmpty());
  }

  /** Wants ten, and waits until the upstream was asked. */
  private void subscribe(
      Function<Sink<Integer>, Actor<ThroughSignal<Integer>>> actor,
      Supervision supervision,
      DemandOptions<Integer> options) {
    publisher(upstream, actor, supervision, options).subscribe(probe);
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(4);
  }

  private Publisher<Integer> publisher(
      Publisher<Integer> source,
      Function<Sink<Integer>, Actor<ThroughSignal<Integer>>> actor,
      Supervision supervision,
      DemandOptions<Integer> options) {
    return Processors.throughActor(source, system.executor(), actor, options(options, supervision));
  }

  private DemandOptions<Integer> options(DemandOptions<Integer> options, Supervision supervision) {
    return options
        .withDiscard(givenBack::add)
        .withActor(ActorOptions.defaults().withSupervision(supervision));
  }

  private static DemandOptions<Integer> batch(int size) {
    return DemandOptions.batch(size);
  }

  private static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Knows how many there were before. */
  private class Instance implements Actor<ThroughSignal<Integer>> {
    final Sink<Integer> sink;
    ActorContext<ThroughSignal<Integer>> context;
    final int number = instances.incrementAndGet();

    Instance(Sink<Integer> sink) {
      this.sink = sink;
    }

    @Override
    public final void receive(
        ThroughSignal<Integer> signal, ActorContext<ThroughSignal<Integer>> given) {
      context = given;
      if (signal instanceof StreamSignal.Element<Integer> element) {
        onElement(element);
      } else if (signal instanceof StreamSignal.Completed<Integer>) {
        onCompleted();
      } else if (signal instanceof ThroughSignal.Requested<Integer>) {
        onRequest();
      }
    }

    void onElement(StreamSignal.Element<Integer> element) {
      element.acknowledge();
    }

    final void passOn(StreamSignal.Element<Integer> element) {
      sink.next(element.take());
      element.acknowledge();
    }

    void onCompleted() {
      sink.complete();
    }

    void onRequest() {}
  }

  /** Passes on what it gets, but for the number that is fatal to it. */
  private static final class Failing implements Actor<ThroughSignal<Integer>> {
    static final int FATAL = -1;

    static final Fate BEFORE_IT_IS_TAKEN =
        (failing, element) -> {
          throw new Boom();
        };

    private final Sink<Integer> sink;
    private final Fate fate;
    ActorContext<ThroughSignal<Integer>> context;
    int count;

    interface Fate {
      void meet(Failing failing, StreamSignal.Element<Integer> element);
    }

    Failing(Sink<Integer> sink, Fate fate) {
      this.sink = sink;
      this.fate = fate;
    }

    @Override
    public void receive(ThroughSignal<Integer> signal, ActorContext<ThroughSignal<Integer>> given) {
      context = given;
      if (signal instanceof StreamSignal.Completed<Integer>) {
        sink.complete();
      } else if (signal instanceof StreamSignal.Element<Integer> element) {
        if (element.toString().equals("Element[" + FATAL + "]")) {
          fate.meet(this, element);
        } else {
          sink.next(element.take());
          element.acknowledge();
        }
      }
    }
  }
}
