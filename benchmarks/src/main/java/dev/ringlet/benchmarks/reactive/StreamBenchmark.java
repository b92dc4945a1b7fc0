package dev.ringlet.benchmarks.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.reactive.DemandOptions;
import dev.ringlet.reactive.Processors;
import dev.ringlet.reactive.Publishers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/**
 * What an element of a stream costs that is moved onto a thread, or made on one, in nanoseconds.
 * Ours and Reactor's have the same batch, and ask again when the same part of it was used up.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StreamBenchmark {
  private static final int ELEMENTS = 1_000_000;
  private static final int BATCH = 256;

  /** The driver under both executors; it does not matter to Reactor. */
  @Param({"uring"})
  public String driver = "uring";

  private ActorSystem system;
  private ActorExecutor first;
  private ActorExecutor second;
  private Scheduler firstThread;
  private Scheduler secondThread;
  private ExecutorService away;

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by setUp
  public StreamBenchmark() {}

  /** Two executors, two threads of Reactor, and one of nobody. */
  @Setup
  public void setUp() {
    system = ActorSystem.create("benchmark", ExecutorPool.of(2).withDriver(driver));
    first = system.executors().get(0);
    second = system.executors().get(1);
    firstThread = Schedulers.newSingle("first", true);
    secondThread = Schedulers.newSingle("second", true);
    away = Executors.newSingleThreadExecutor();
  }

  /** Ends the threads. */
  @TearDown
  public void tearDown() {
    system.close();
    firstThread.dispose();
    secondThread.dispose();
    away.shutdown();
  }

  /**
   * A range that Reactor fuses with the stage: nothing is queued, the thread makes the elements.
   */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long rangePublishOnFused() {
    return unlimited(Flux.range(0, ELEMENTS).publishOn(firstThread, BATCH));
  }

  /** A range behind something that is not fused, as most upstreams are. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long rangePublishOn() {
    return unlimited(range().publishOn(firstThread, BATCH));
  }

  /** The same range through our stage; Reactor guards its subscriber, see {@link PlainRange}. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long rangeOnExecutor() {
    return unlimited(onExecutor(range(), first));
  }

  /** A range of no library, given on the thread of the stage. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long plainPublishOn() {
    return unlimited(Flux.from(plain(Runnable::run)).publishOn(firstThread, BATCH));
  }

  /** The same through our stage. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long plainOnExecutor() {
    return unlimited(onExecutor(plain(Runnable::run), first));
  }

  /** From thread to thread: a range of no library, given on one of its own. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long awayPublishOn() {
    return unlimited(Flux.from(plain(away)).publishOn(firstThread, BATCH));
  }

  /** The same through our stage. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long awayOnExecutor() {
    return unlimited(onExecutor(plain(away), first));
  }

  /** From thread to thread, all of it Reactor's. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long threadPublishOn() {
    return unlimited(range().subscribeOn(secondThread).publishOn(firstThread, BATCH));
  }

  /** From executor to executor, all of it ours: the range is an actor's. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long sourceOnExecutor() {
    return unlimited(onExecutor(source(second), first));
  }

  /** The same on one executor. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long sourceOnItsExecutor() {
    return unlimited(onExecutor(source(first), first));
  }

  /** An actor's range, without a stage. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long source() {
    return unlimited(source(first));
  }

  /** The same, asked for in batches. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long sourceInBatches() {
    return Counter.drain(source(first), new Counter<>(BATCH));
  }

  /** Reactor's own, on a thread. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long rangeSubscribeOn() {
    return unlimited(range().subscribeOn(firstThread));
  }

  /** The same, asked for in batches. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long rangeSubscribeOnInBatches() {
    return Counter.drain(range().subscribeOn(firstThread), new Counter<>(BATCH));
  }

  /** An actor's range, counted by Reactor's library for tests. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Duration sourceVerified() {
    return verified(source(first));
  }

  /** Reactor's own. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public Duration rangeSubscribeOnVerified() {
    return verified(range().subscribeOn(firstThread));
  }

  private static Duration verified(Publisher<Integer> publisher) {
    return StepVerifier.create(publisher).expectNextCount(ELEMENTS).verifyComplete();
  }

  private static Flux<Integer> range() {
    return Flux.range(0, ELEMENTS).hide();
  }

  private static Publisher<Integer> plain(Executor thread) {
    return new PlainRange(ELEMENTS, thread);
  }

  private static Publisher<Integer> onExecutor(
      Publisher<Integer> upstream, ActorExecutor executor) {
    return Processors.onExecutor(upstream, executor, DemandOptions.<Integer>batch(BATCH));
  }

  private static Publisher<Integer> source(ActorExecutor executor) {
    return Publishers.of(
        executor, sink -> new RangeSource(sink, ELEMENTS), ActorOptions.defaults());
  }

  private static long unlimited(Publisher<Integer> publisher) {
    return Counter.drain(publisher, new Counter<>(Counter.UNLIMITED));
  }
}
