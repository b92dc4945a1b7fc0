package dev.ringlet.benchmarks.reactive;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.reactive.DemandOptions;
import dev.ringlet.reactive.Processors;
import dev.ringlet.reactive.Publishers;
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

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by setUp
  public StreamBenchmark() {}

  /** Two executors, and two threads of Reactor. */
  @Setup
  public void setUp() {
    system = ActorSystem.create("benchmark", ExecutorPool.of(2).withDriver(driver));
    first = system.executors().get(0);
    second = system.executors().get(1);
    firstThread = Schedulers.newSingle("first", true);
    secondThread = Schedulers.newSingle("second", true);
  }

  /** Ends the threads. */
  @TearDown
  public void tearDown() {
    system.close();
    firstThread.dispose();
    secondThread.dispose();
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

  /** The same range through our stage. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long rangeOnExecutor() {
    return unlimited(onExecutor(range(), first));
  }

  /** From thread to thread. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long threadPublishOn() {
    return unlimited(range().subscribeOn(secondThread).publishOn(firstThread, BATCH));
  }

  /** From executor to executor: the range is an actor's. */
  @Benchmark
  @OperationsPerInvocation(ELEMENTS)
  public long sourceOnExecutor() {
    return unlimited(onExecutor(source(second), first));
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

  private static Flux<Integer> range() {
    return Flux.range(0, ELEMENTS).hide();
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
