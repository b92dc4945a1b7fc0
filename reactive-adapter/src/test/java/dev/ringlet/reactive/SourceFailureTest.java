package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.RingletException;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ExecutorPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.test.StepVerifier;

/** What the subscriber hears when its source actor fails or stops. */
final class SourceFailureTest extends SystemTest {
  /** Every kind of user code that runs in a turn, not only {@code receive}. */
  static Stream<Named<Consumer<ActorContext<SourceSignal>>>> waysToFail() {
    return Stream.of(
        Named.of("receive", context -> boom()),
        Named.of("yield", context -> context.yield(SourceFailureTest::boom)),
        Named.of(
            "await",
            context -> context.await(context.io().delay(Duration.ZERO), (value, error) -> boom())),
        Named.of(
            "pipe of an operation",
            context -> context.pipe(context.io().delay(Duration.ZERO), (value, error) -> boom())),
        Named.of(
            "pipe of a stage",
            context ->
                context.pipe(CompletableFuture.completedFuture("value"), (value, error) -> boom())),
        Named.of(
            "nested",
            context ->
                context.yield(
                    () ->
                        context.await(
                            context.io().delay(Duration.ZERO),
                            (value, error) -> context.yield(SourceFailureTest::boom)))));
  }

  @ParameterizedTest
  @MethodSource("waysToFail")
  void failureOfATurnIsSignalledAsItIs(Consumer<ActorContext<SourceSignal>> way) {
    expectBoom(source(sink -> (signal, context) -> way.accept(context), Supervision.stop()));
  }

  @Test
  void failingFactoryIsSignalled() {
    expectBoom(
        SourceFailureTest.<Integer>source(
            sink -> {
              throw new Boom();
            },
            Supervision.stop()));
  }

  @Test
  void failingStartIsSignalled() {
    expectBoom(source(FailsToStart::new, Supervision.restart()));
  }

  @Test
  void actorThatStopsWithoutATerminalSignalIsAnError() {
    Publisher<Integer> source =
        source(
            sink ->
                (signal, context) -> {
                  sink.next(1);
                  context.stop();
                },
            Supervision.stop());
    StepVerifier.create(source)
        .expectNext(1)
        .expectErrorSatisfies(
            failure -> {
              assertEquals(RingletException.class, failure.getClass());
              assertTrue(failure.getMessage().contains("complete or fail"), failure.getMessage());
            })
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void terminalSignalInPostStopCounts() {
    StepVerifier.create(source(CompletesWhenStopped::new, Supervision.stop()))
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void restartedActorIsToldOfTheOpenDemandAndTheSubscriberNoticesNothing() {
    AtomicInteger instances = new AtomicInteger();
    StepVerifier.create(
            SourceFailureTest.<Integer>source(
                sink -> new FailsOnce(sink, instances), Supervision.restart()),
            3)
        .expectNext(1)
        .expectNext(2, 2)
        .thenCancel()
        .verify(TestSystem.PATIENCE);
    assertEquals(2, instances.get());
  }

  @Test
  void resumedActorGoesOnWithTheDemandItKnows() {
    AtomicInteger signals = new AtomicInteger();
    Publisher<Integer> source =
        source(
            sink ->
                (signal, context) -> {
                  if (signals.incrementAndGet() == 1) {
                    throw new Boom();
                  }
                  while (sink.demand() > 0) {
                    sink.next(7);
                  }
                },
            Supervision.resume());
    Probe<Integer> probe = new Probe<>();
    source.subscribe(probe);
    probe.awaitSubscription().request(2);
    TestSystem.awaitUntil(() -> signals.get() == 1);
    probe.awaitSubscription().request(1);
    probe.awaitElements(3);
    probe.awaitSubscription().cancel();
    assertEquals(List.of(7, 7, 7), probe.elements);
  }

  /** Nobody is there then whom postStop could tell. */
  @Test
  void stopInThePauseOfARestartIsSignalled() {
    Supervision pausing =
        Supervision.restart().withBackoff(Duration.ofHours(1), Duration.ofHours(2), 0);
    Probe<Integer> probe = new Probe<>();
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      Publishers.<Integer>of(
              closing.executor(),
              sink -> (signal, context) -> boom(),
              ActorOptions.defaults().withSupervision(pausing))
          .subscribe(probe);
      probe.awaitSubscription().request(1);
      TestSystem.awaitUntil(() -> closing.system().stats().failures() == 1);
    }
    assertInstanceOf(Boom.class, probe.awaitFailure());
  }

  private static <T> void expectBoom(Publisher<T> publisher) {
    StepVerifier.create(publisher).expectError(Boom.class).verify(TestSystem.PATIENCE);
  }

  private static <T> Publisher<T> source(
      Function<? super Sink<T>, ? extends Actor<SourceSignal>> source, Supervision supervision) {
    return Publishers.of(
        system.executor(), source, ActorOptions.defaults().withSupervision(supervision));
  }

  private static SourceSignal boom() {
    throw new Boom();
  }

  private static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class FailsToStart implements Actor<SourceSignal> {
    FailsToStart(Sink<Integer> sink) {}

    @Override
    public void preStart(ActorContext<SourceSignal> context) {
      throw new Boom();
    }

    @Override
    public void receive(SourceSignal signal, ActorContext<SourceSignal> context) {
      throw new AssertionError("it never started");
    }
  }

  private static final class CompletesWhenStopped implements Actor<SourceSignal> {
    private final Sink<Integer> sink;

    CompletesWhenStopped(Sink<Integer> sink) {
      this.sink = sink;
    }

    @Override
    public void receive(SourceSignal signal, ActorContext<SourceSignal> context) {
      context.stop();
    }

    @Override
    public void postStop(ActorContext<SourceSignal> context) {
      sink.complete();
    }
  }

  /** The first instance gives one element and fails, the second serves what is left. */
  private static final class FailsOnce implements Actor<SourceSignal> {
    private final Sink<Integer> sink;
    private final int instance;

    FailsOnce(Sink<Integer> sink, AtomicInteger instances) {
      this.sink = sink;
      this.instance = instances.incrementAndGet();
    }

    @Override
    public void receive(SourceSignal signal, ActorContext<SourceSignal> context) {
      while (sink.demand() > 0) {
        sink.next(instance);
        if (instance == 1) {
          throw new Boom();
        }
      }
    }
  }
}
