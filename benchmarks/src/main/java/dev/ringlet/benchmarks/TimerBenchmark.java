package dev.ringlet.benchmarks;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.TimerHandle;
import dev.ringlet.executor.ExecutorPool;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A million timers of one actor, with deadlines spread over a second: what it costs to start, to
 * cancel and to fire one. The figures are the auxiliary counters, in nanoseconds of the executor's
 * time per timer; the score is the time of a whole round. One round is measured, because the
 * harness sums the counters of several.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 8)
@Measurement(iterations = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms6g", "-Xmx6g", "-Xmn4g", "-XX:+AlwaysPreTouch"})
public class TimerBenchmark {
  private static final int TIMERS = 1_000_000;

  /** The driver of the executor. */
  @Param({"uring", "nio"})
  public String driver = "uring";

  private ActorSystem system;
  private ActorRef<Consumer<ActorContext<Object>>> actor;

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by setUp
  public TimerBenchmark() {}

  /** Figures besides the score. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Figures {
    /** Nanoseconds to start a timer. */
    public double startNanos;

    /** Nanoseconds to cancel one. */
    public double cancelNanos;

    /** Nanoseconds of CPU to fire one and have the actor handle the tick. */
    public double fireNanos;

    /** Made by the harness. */
    public Figures() {}
  }

  /** One executor and one actor. */
  @Setup(Level.Trial)
  public void setUp() {
    // Without spinning, so that the CPU time is that of the timers.
    system =
        ActorSystem.create(
            "benchmark", ExecutorPool.of(1).withDriver(driver).withSpinBeforePark(Duration.ZERO));
    actor =
        system.spawn(
            () ->
                (code, context) -> {
                  @SuppressWarnings("unchecked")
                  ActorContext<Object> any = (ActorContext<Object>) (ActorContext<?>) context;
                  code.accept(any);
                },
            ActorOptions.defaults());
  }

  /** Ends the thread. */
  @TearDown(Level.Trial)
  public void tearDown() {
    system.close();
  }

  /** Starts a million and cancels them in another order. */
  @Benchmark
  public void startAndCancel(Figures figures) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    actor.tell(
        context -> {
          SplittableRandom random = new SplittableRandom(1);
          TimerHandle[] handles = new TimerHandle[TIMERS];
          Duration[] delays = delays(random);
          Consumer<ActorContext<Object>> tick = nothing -> {};
          for (int i = 0; i < TIMERS; i++) {
            handles[i] = context.timers().once(delays[i & 4095], tick);
          }
          long started = System.nanoTime();
          for (int i = 0; i < TIMERS; i++) {
            handles[i].cancel();
          }
          long cancelled = System.nanoTime();
          figures.cancelNanos = (double) (cancelled - started) / TIMERS;
          done.complete(null);
        });
    done.join();
  }

  /** Starts a million and waits for the last. */
  @Benchmark
  public void fire(Figures figures) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    actor.tell(context -> new Firing(figures, done).begin(context));
    done.join();
  }

  private static Duration[] delays(SplittableRandom random) {
    Duration[] delays = new Duration[4096];
    for (int i = 0; i < delays.length; i++) {
      delays[i] = Duration.ofNanos(500_000_000 + random.nextLong(1_000_000_000));
    }
    return delays;
  }

  private static final class Firing implements Consumer<ActorContext<Object>> {
    private final Figures figures;
    private final CompletableFuture<Void> done;
    private int left = TIMERS;
    private long cpuNanos;

    Firing(Figures figures, CompletableFuture<Void> done) {
      this.figures = figures;
      this.done = done;
    }

    void begin(ActorContext<Object> context) {
      Duration[] delays = delays(new SplittableRandom(1));
      long start = System.nanoTime();
      for (int i = 0; i < TIMERS; i++) {
        context.timers().once(delays[i & 4095], this);
      }
      figures.startNanos = (double) (System.nanoTime() - start) / TIMERS;
      cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Override
    public void accept(ActorContext<Object> context) {
      if (--left == 0) {
        long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        figures.fireNanos = (double) (end - cpuNanos) / TIMERS;
        done.complete(null);
      }
    }
  }
}
