package dev.ringlet.examples.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.OnBothDrivers;
import dev.ringlet.examples.kv.Drivers;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.reactive.AskOptions;
import dev.ringlet.reactive.DemandOptions;
import dev.ringlet.reactive.MulticastOptions;
import dev.ringlet.reactive.Processors;
import dev.ringlet.reactive.Publishers;
import dev.ringlet.reactive.Sink;
import dev.ringlet.reactive.SourceSignal;
import dev.ringlet.reactive.StreamSignal;
import dev.ringlet.reactive.Subscribers;
import dev.ringlet.reactive.ThroughSignal;
import dev.ringlet.testkit.ActorProbe;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.StepVerifier;

/**
 * What Reactor's context and thread locals know crosses streams: by Reactor's own means to the
 * operators on both sides of a stage, in the messages into actors.
 */
@OnBothDrivers
@Timeout(60)
final class StreamContextTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String KEY = "trace";
  private static final ThreadLocal<@Nullable String> TRACE = new ThreadLocal<>();

  private final ContextSnapshotFactory snapshots =
      ContextSnapshotFactory.builder().contextRegistry(ContextRegistry.getInstance()).build();

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final ActorSystem system;
  private final ActorExecutor executor;

  StreamContextTest(String driver) {
    Drivers.assumeAvailable(driver);
    system =
        ActorSystem.create(
            "test",
            ExecutorPool.of(2)
                .withDriver(driver)
                .withContextCarrier(new SnapshotCarrier(ContextRegistry.getInstance())));
    executor = system.executors().get(0);
  }

  @BeforeAll
  static void enable() {
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TRACE);
    Hooks.enableAutomaticContextPropagation();
  }

  @AfterAll
  static void disable() {
    Hooks.disableAutomaticContextPropagation();
    ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
  }

  /** Whatever has crossed, the executors keep nothing of it. */
  @AfterEach
  void nothingIsLeftInThreads() {
    TRACE.remove();
    for (ActorExecutor each : system.executors()) {
      CompletableFuture<String> left = new CompletableFuture<>();
      each.execute(() -> left.complete("" + TRACE.get()));
      assertEquals("null", left.join());
    }
    assertEquals(0, system.stats().failures());
    system.close();
  }

  private String trace() {
    return TRACE.get() + (executor.isCurrent() ? " on the executor" : " elsewhere");
  }

  /** Gives three elements, and notes what it knows when it is asked for them. */
  private final class Source implements Actor<SourceSignal> {
    private final Sink<Integer> sink;
    private final String trace;
    private int next;

    Source(Sink<Integer> sink, String trace) {
      this.sink = sink;
      this.trace = trace;
    }

    @Override
    public void receive(SourceSignal signal, ActorContext<SourceSignal> context) {
      seen.add("source: " + trace + ", in its thread " + trace());
      while (sink.demand() > 0 && next < 3) {
        sink.next(next++);
      }
      if (next == 3) {
        sink.complete();
      }
    }
  }

  /**
   * From the thread that subscribes to the operators behind a source by themselves; to the source
   * as part of what it is made of, since demand carries nothing.
   */
  @Test
  void threadLocalsOfTheSubscriberAreKnownToSourceAndOperators() {
    Flux<String> flux =
        Flux.deferContextual(
                context ->
                    Publishers.<Integer>of(
                        executor,
                        sink -> new Source(sink, context.get(KEY)),
                        ActorOptions.defaults()))
            .map(number -> trace())
            .contextCapture();
    for (String trace : List.of("a", "b")) {
      seen.clear();
      TRACE.set(trace);
      String expected = trace + " on the executor";
      StepVerifier.create(flux)
          .expectNext(expected, expected, expected)
          .expectComplete()
          .verify(PATIENCE);
      TRACE.remove();
      assertEquals(List.of("source: " + trace + ", in its thread null on the executor"), seen);
    }
  }

  @Test
  void operatorsBehindOnExecutorKnowTheContext() {
    Flux<String> flux =
        Flux.from(Processors.onExecutor(Flux.range(0, 3), executor, DemandOptions.batch(4)))
            .map(number -> trace())
            .contextWrite(context -> context.put(KEY, "a"));
    StepVerifier.create(flux.distinct())
        .expectNext("a on the executor")
        .expectComplete()
        .verify(PATIENCE);
  }

  private record Ask(int number, ContextSnapshot known, ActorRef<String> replyTo) {}

  @Test
  void contextOfTheSubscriberIsKnownBeforeInAndBehindAskEach() {
    ActorRef<Ask> actor =
        system.spawn(
            () -> (ask, context) -> ask.known().wrap(() -> ask.replyTo().tell(TRACE.get())).run(),
            ActorOptions.defaults().onExecutor(system.executors().get(1)));
    expectKnownBeforeInAndBehind(
        (numbers, known) ->
            Processors.<Integer, Ask, String>askEach(
                numbers,
                executor,
                actor,
                (number, replyTo) -> new Ask(number, known, replyTo),
                AskOptions.ordered(16, PATIENCE),
                DemandOptions.batch(64)));
  }

  /** Answers each number with what it was made to know. */
  private static final class Knowing implements Actor<ThroughSignal<Integer>> {
    private final Sink<String> sink;
    private final ContextSnapshot known;
    private final Queue<StreamSignal.Element<Integer>> numbers = new ArrayDeque<>();
    private boolean completed;

    Knowing(Sink<String> sink, ContextSnapshot known) {
      this.sink = sink;
      this.known = known;
    }

    @Override
    public void receive(
        ThroughSignal<Integer> signal, ActorContext<ThroughSignal<Integer>> context) {
      if (signal instanceof StreamSignal.Element<Integer> number) {
        numbers.add(number);
      } else if (signal instanceof StreamSignal.Completed<Integer>) {
        completed = true;
      }
      while (sink.demand() > 0 && !numbers.isEmpty()) {
        numbers.remove().take();
        known.wrap(this::answer).run();
      }
      if (completed && numbers.isEmpty()) {
        sink.complete();
      }
    }

    private void answer() {
      sink.next(TRACE.get());
    }
  }

  /** Each subscriber has an actor of its own, which is made of what is to be known. */
  @Test
  void contextOfTheSubscriberIsKnownBeforeInAndBehindThroughActor() {
    expectKnownBeforeInAndBehind(
        (numbers, known) ->
            Processors.throughActor(
                numbers, executor, sink -> new Knowing(sink, known), DemandOptions.batch(64)));
  }

  /**
   * The operators before the stage, the actor in it and the operators behind it; two subscribers at
   * a time do not see each other's.
   *
   * @param stage gives for each element what the actor knows
   */
  private void expectKnownBeforeInAndBehind(
      BiFunction<Flux<Integer>, ContextSnapshot, Publisher<String>> stage) {
    Flux<String> stream =
        Flux.range(0, 2_000)
            .filter(number -> seen(number, TRACE.get()))
            .transformDeferredContextual(
                (numbers, context) ->
                    Flux.from(
                        stage.apply(numbers.contextWrite(context), snapshots.captureFrom(context))))
            .map(inTheActor -> inTheActor + " " + TRACE.get());
    StepVerifier.create(forTwo(stream)).expectNext("a a", "b b").expectComplete().verify(PATIENCE);
    assertEquals(List.of("0 a", "0 b"), seen.stream().sorted().toList());
  }

  /** What differs in the streams of two subscribers with contexts of their own. */
  private static Flux<String> forTwo(Flux<String> stream) {
    return Flux.merge(
            Stream.of("a", "b")
                .map(trace -> stream.distinct().contextWrite(context -> context.put(KEY, trace)))
                .toList())
        .sort();
  }

  /** The upstream is one for all, so it has a context of its own. */
  @Test
  void operatorsBehindMulticastKnowTheContextOfTheirSubscriber() {
    Flux<Integer> numbers =
        Flux.range(0, 2_000)
            .filter(number -> seen(number, TRACE.get()))
            .contextWrite(context -> context.put(KEY, "all"));
    Publisher<Integer> shared =
        Processors.multicast(
            numbers, executor, MulticastOptions.<Integer>slowest(64).withConnectAt(2));
    StepVerifier.create(forTwo(Flux.from(shared).map(number -> trace())))
        .expectNext("a on the executor", "b on the executor")
        .expectComplete()
        .verify(PATIENCE);
    assertEquals(List.of("0 all"), seen);
  }

  private boolean seen(int number, @Nullable String trace) {
    if (number == 0) {
      seen.add(number + " " + trace);
    }
    return true;
  }

  private record Arrived(StreamSignal<Known> signal) {}

  private record Known(int number, ContextSnapshot context) {}

  @Test
  void actorKnowsTheContextOfTheElementsItGets() {
    ActorProbe<String> probe = ActorProbe.create(system);
    ActorRef<Arrived> actor =
        system.spawn(
            () ->
                (arrived, context) -> {
                  if (arrived.signal() instanceof StreamSignal.Element<Known> element) {
                    Known known = element.take();
                    known
                        .context()
                        .wrap(() -> probe.ref().tell(known.number() + " " + TRACE.get()))
                        .run();
                  }
                },
            ActorOptions.defaults().onExecutor(executor));
    for (String trace : List.of("a", "b")) {
      TRACE.set(trace);
      Flux.range(0, 2)
          .transformDeferredContextual(
              (numbers, context) -> {
                ContextSnapshot known = snapshots.captureFrom(context);
                return numbers.map(number -> new Known(number, known));
              })
          .contextCapture()
          .subscribe(Subscribers.toActor(executor, actor, Arrived::new, DemandOptions.batch(4)));
      TRACE.remove();
      assertEquals("0 " + trace, probe.receive());
      assertEquals("1 " + trace, probe.receive());
    }
  }
}
