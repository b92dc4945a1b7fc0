package dev.ringlet.benchmarks;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a question costs beside two messages that do the same, between actors of one executor, and
 * what the question of another thread costs. The messages themselves are preallocated, so {@code
 * -prof gc} shows what the runtime makes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AskBenchmark {
  private static final int QUESTIONS = 10_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Object NEXT = new Object();
  private static final Object ANSWER = new Object();
  private static final Object IGNORES = new Object();

  private ActorSystem system;
  private ActorRef<Object> target;
  private ActorRef<Object> asker;
  private ActorRef<Object> teller;

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by setUp
  public AskBenchmark() {}

  private record Begin(CompletableFuture<Void> done) {}

  /** Answers whoever it is. */
  @SuppressWarnings("unchecked") // nothing else is sent to it
  private static void answer(Object message) {
    if (message != IGNORES) {
      ((ActorRef<Object>) message).tell(ANSWER);
    }
  }

  /** Goes on when it has got the answer. */
  private abstract static class Asking implements Actor<Object> {
    private CompletableFuture<Void> done = new CompletableFuture<>();
    private int left;

    abstract void ask(ActorContext<Object> context);

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Begin begin) {
        done = begin.done();
        left = QUESTIONS;
      }
      if (left == 0) {
        done.complete(null);
      } else {
        left--;
        ask(context);
      }
    }
  }

  private static final class ByAsking extends Asking {
    private final ActorRef<Object> target;

    ByAsking(ActorRef<Object> target) {
      this.target = target;
    }

    @Override
    void ask(ActorContext<Object> context) {
      context.<Object, Object>ask(target, replyTo -> replyTo, TIMEOUT, (answer, failure) -> NEXT);
    }
  }

  private static final class ByTelling extends Asking {
    private final ActorRef<Object> target;

    ByTelling(ActorRef<Object> target) {
      this.target = target;
    }

    @Override
    void ask(ActorContext<Object> context) {
      target.tell(context.self());
    }
  }

  /** One executor. */
  @Setup
  public void setUp() {
    system = ActorSystem.create("benchmark", ExecutorPool.of(1));
    target = system.spawn(() -> (message, context) -> answer(message), ActorOptions.defaults());
    asker = system.spawn(() -> new ByAsking(target), ActorOptions.defaults());
    teller = system.spawn(() -> new ByTelling(target), ActorOptions.defaults());
  }

  /** Ends the thread. */
  @TearDown
  public void tearDown() {
    system.close();
  }

  /** A question with a timeout, and its answer. */
  @Benchmark
  @OperationsPerInvocation(QUESTIONS)
  public void ask() {
    run(asker);
  }

  /** A message, and another one back. */
  @Benchmark
  @OperationsPerInvocation(QUESTIONS)
  public void twoTells() {
    run(teller);
  }

  /** A question of a thread that is no executor's, many under way at once. */
  @Benchmark
  @OperationsPerInvocation(QUESTIONS)
  public void askFromOutside() {
    CompletableFuture<Object> last = new CompletableFuture<>();
    for (int i = 0; i < QUESTIONS; i++) {
      last = target.ask(replyTo -> replyTo, TIMEOUT).toCompletableFuture();
    }
    last.join();
  }

  /** As many messages of such a thread, and an answer to the last. */
  @Benchmark
  @OperationsPerInvocation(QUESTIONS)
  public void tellFromOutside() {
    for (int i = 1; i < QUESTIONS; i++) {
      target.tell(IGNORES);
    }
    target.ask(replyTo -> replyTo, TIMEOUT).toCompletableFuture().join();
  }

  private static void run(ActorRef<Object> actor) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    actor.tell(new Begin(done));
    done.join();
  }
}
