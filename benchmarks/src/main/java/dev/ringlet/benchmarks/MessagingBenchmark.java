package dev.ringlet.benchmarks;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import java.util.concurrent.CompletableFuture;
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

/**
 * What a message costs: within an executor, between two, and to an executor that sleeps. Messages
 * are preallocated, so what {@code -prof gc} shows is the runtime's own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MessagingBenchmark {
  private static final int BATCH = 100_000;
  private static final int ROUND_TRIPS = 1_000;
  private static final Object MESSAGE = new Object();

  /** The driver under both executors. */
  @Param({"uring", "nio"})
  public String driver = "uring";

  private ActorSystem system;
  private ActorRef<Object> relay;
  private ActorRef<Object> near;
  private ActorRef<Object> far;
  private Counting nearCount;
  private Counting farCount;

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by setUp
  public MessagingBenchmark() {}

  /** Counts messages down and tells when there are none left. */
  private static final class Counting implements Actor<Object> {
    int left;
    CompletableFuture<Void> done = new CompletableFuture<>();

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (--left == 0) {
        done.complete(null);
      }
    }
  }

  /** Passes every message on to the one it is told of. */
  private record Order(ActorRef<Object> target, int count) {}

  /** Two executors, and actors on both. */
  @Setup
  public void setUp() {
    system = ActorSystem.create("benchmark", ExecutorPool.of(2).withDriver(driver));
    var first = system.executors().get(0);
    var second = system.executors().get(1);
    nearCount = new Counting();
    farCount = new Counting();
    near = first.spawn(() -> nearCount, ActorOptions.named("near"));
    far = second.spawn(() -> farCount, ActorOptions.named("far"));
    relay =
        first.spawn(
            () ->
                (message, context) -> {
                  Order order = (Order) message;
                  for (int i = 0; i < order.count(); i++) {
                    order.target().tell(MESSAGE);
                  }
                },
            ActorOptions.named("relay"));
  }

  /** Ends the threads. */
  @TearDown
  public void tearDown() {
    system.close();
  }

  /** Per message: an enqueue and a turn on the same executor. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void local() {
    send(near, nearCount);
  }

  /** Per message: through the inbox of the other executor, in a stream. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void remote() {
    send(far, farCount);
  }

  private void send(ActorRef<Object> target, Counting counting) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    counting.done = done;
    counting.left = BATCH;
    relay.tell(new Order(target, BATCH));
    done.join();
  }

  /** Per round trip: two executors that have nothing else to do and park in between. */
  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void pingPongOfParkingExecutors() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    var first = system.executors().get(0);
    var second = system.executors().get(1);
    ActorRef<ActorRef<Object>> pong =
        second.spawn(() -> (sender, context) -> sender.tell(MESSAGE), ActorOptions.defaults());
    ActorRef<Object> ping = first.spawn(() -> new Ping(pong, done), ActorOptions.defaults());
    ping.tell(MESSAGE);
    done.join();
    system.stop(pong);
  }

  private static final class Ping implements Actor<Object> {
    private final ActorRef<ActorRef<Object>> pong;
    private final CompletableFuture<Void> done;
    private int left = ROUND_TRIPS;

    Ping(ActorRef<ActorRef<Object>> pong, CompletableFuture<Void> done) {
      this.pong = pong;
      this.done = done;
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (left-- == 0) {
        done.complete(null);
        context.stop();
      } else {
        pong.tell(context.self());
      }
    }
  }
}
