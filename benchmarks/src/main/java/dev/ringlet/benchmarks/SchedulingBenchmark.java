package dev.ringlet.benchmarks;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.CpuSet;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.uring.LinuxCpuAffinity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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

/** What it costs to ask for preemption, to give the core back, and to pass it to and fro. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SchedulingBenchmark {
  private static final int BATCH = 200_000;
  private static final int ROUND_TRIPS = 5_000;
  private static final Object MESSAGE = new Object();
  private static final PriorityClass OTHER =
      new PriorityClass("other", Shares.of(1000), Latency.notImportant());

  /** The driver under both executors. */
  @Param({"uring", "nio"})
  public String driver = "uring";

  private ActorSystem system;
  private ActorSystem parking;
  private ActorExecutor first;
  private ActorExecutor second;

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by setUp
  public SchedulingBenchmark() {}

  /** Two executors, pinned where there are two CPUs. */
  @Setup
  public void setUp() {
    system = ActorSystem.create("benchmark", ExecutorPool.of(2).withDriver(driver));
    parking =
        ActorSystem.create(
            "parking", ExecutorPool.of(2).withDriver(driver).withSpinBeforePark(Duration.ZERO));
    first = system.executors().get(0);
    second = system.executors().get(1);
  }

  /** Ends the threads. */
  @TearDown
  public void tearDown() {
    system.close();
    parking.close();
  }

  /** Runs code in a turn of a new actor, which stops when the code has said so. */
  private static void inActor(
      ActorExecutor executor, PriorityClass priorityClass, Consumer<ActorContext<Object>> code) {
    executor
        .spawn(
            () -> (message, context) -> code.accept(context),
            ActorOptions.defaults().withPriorityClass(priorityClass))
        .tell(MESSAGE);
  }

  /** Per question, in a loop that does nothing else. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int needPreempt() {
    CompletableFuture<Integer> answers = new CompletableFuture<>();
    inActor(
        first,
        PriorityClass.DEFAULT,
        context -> {
          int count = 0;
          for (int i = 0; i < BATCH; i++) {
            count += context.needPreempt() ? 1 : 0;
          }
          answers.complete(count);
          context.stop();
        });
    return answers.join();
  }

  /** Per switch: two actors of one class that yield to each other. */
  @Benchmark
  @OperationsPerInvocation(2 * BATCH)
  public void yieldWithinAQueue() {
    yieldToEachOther(PriorityClass.DEFAULT, false);
  }

  /** Per switch: two actors of two classes that give the core to each other. */
  @Benchmark
  @OperationsPerInvocation(2 * BATCH)
  public void yieldBetweenQueues() {
    yieldToEachOther(OTHER, true);
  }

  private void yieldToEachOther(PriorityClass otherClass, boolean queue) {
    CompletableFuture<Void> one = new CompletableFuture<>();
    CompletableFuture<Void> two = new CompletableFuture<>();
    first.execute(
        () -> {
          inActor(first, PriorityClass.DEFAULT, context -> new Yielding(context, one, queue).run());
          inActor(first, otherClass, context -> new Yielding(context, two, queue).run());
        });
    one.join();
    two.join();
  }

  private static final class Yielding implements Runnable {
    private final ActorContext<Object> context;
    private final CompletableFuture<Void> done;
    private final boolean queue;
    private int left = BATCH;

    Yielding(ActorContext<Object> context, CompletableFuture<Void> done, boolean queue) {
      this.context = context;
      this.done = done;
      this.queue = queue;
    }

    @Override
    public void run() {
      if (left-- == 0) {
        done.complete(null);
        context.stop();
      } else if (queue) {
        context.yieldQueue(this);
      } else {
        context.yield(this);
      }
    }
  }

  /** Per message: two actors of one executor that answer each other, one message in flight. */
  @Benchmark
  @OperationsPerInvocation(2 * BATCH)
  public void localPingPong() {
    pingPong(first, first, BATCH);
  }

  /** Per round trip: two executors, one message in flight; they spin where they are pinned. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void remotePingPong() {
    pingPong(first, second, BATCH);
  }

  /** Per round trip: two executors that park each time. */
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void remotePingPongParking() {
    pingPong(parking.executors().get(0), parking.executors().get(1), ROUND_TRIPS);
  }

  /** To a CPU of its own, as the executors are; on one CPU two threads are faster and less. */
  private static void pin(int number) {
    int[] cpus = CpuSet.available().numbers();
    if (cpus.length > 1) {
      new LinuxCpuAffinity().pinCurrentThread(cpus[number]);
    }
  }

  /** Per round trip: what it is measured by, two threads that park and unpark each other. */
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void unparkPingPong() throws InterruptedException {
    AtomicInteger ball = new AtomicInteger();
    playTwo(
        (parity, other) -> {
          for (int turn = parity; turn < 2 * ROUND_TRIPS; turn += 2) {
            while (ball.get() != turn) {
              LockSupport.park();
            }
            ball.set(turn + 1);
            LockSupport.unpark(other);
          }
        });
  }

  /** Per round trip: what the machine itself needs, two threads that spin on one word. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void spinningPingPong() throws InterruptedException {
    AtomicInteger ball = new AtomicInteger();
    playTwo(
        (parity, other) -> {
          for (int turn = parity; turn < 2 * BATCH; turn += 2) {
            while (ball.get() != turn) {
              Thread.onSpinWait();
            }
            ball.set(turn + 1);
          }
        });
  }

  @FunctionalInterface
  private interface Side {
    void play(int parity, Thread other);
  }

  /** Runs both sides of a game, each on a CPU of its own. */
  private static void playTwo(Side side) throws InterruptedException {
    Thread[] players = new Thread[2];
    for (int i = 0; i < 2; i++) {
      int parity = i;
      players[i] =
          new Thread(
              () -> {
                pin(parity);
                side.play(parity, players[1 - parity]);
              });
    }
    players[1].start();
    players[0].start();
    players[0].join();
    players[1].join();
  }

  private static void pingPong(ActorExecutor here, ActorExecutor there, int rounds) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    ActorRef<ActorRef<Object>> pong =
        there.spawn(
            () ->
                (sender, context) -> {
                  sender.tell(MESSAGE);
                },
            ActorOptions.defaults());
    ActorRef<Object> ping = here.spawn(() -> new Ping(pong, rounds, done), ActorOptions.defaults());
    ping.tell(MESSAGE);
    done.join();
  }

  private static final class Ping implements Actor<Object> {
    private final ActorRef<ActorRef<Object>> pong;
    private final CompletableFuture<Void> done;
    private int left;

    Ping(ActorRef<ActorRef<Object>> pong, int rounds, CompletableFuture<Void> done) {
      this.pong = pong;
      this.left = rounds;
      this.done = done;
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (left-- == 0) {
        context.system().stop(pong);
        context.stop();
        done.complete(null);
      } else {
        pong.tell(context.self());
      }
    }
  }
}
