package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.Placement;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** Systems for tests, and waiting for what they do. */
final class Systems {
  /** Long enough for a busy machine; nothing waits for it but a failing test. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** As text it would be a name to resolve. */
  static InetSocketAddress ipv6Loopback(int port) {
    byte[] bytes = new byte[16];
    bytes[15] = 1;
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private Systems() {}

  static ActorSystem open(String driver, int executors) {
    return ActorSystem.create("test", pool(driver, executors));
  }

  static ExecutorPool pool(String driver, int executors) {
    return ExecutorPool.of(executors).withPlacement(Placement.unbound()).withDriver(driver);
  }

  /** A cell for tests of what holds cells; its system is closed. */
  static ActorCell<?> cell() {
    try (ActorSystem system = open("nio", 1)) {
      return (ActorCell<?>) system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    }
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage
        .toCompletableFuture()
        .copy()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  static void awaitUntil(Callable<Boolean> condition) {
    // What another thread dies of is for the test that wants it so.
    Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(condition);
  }

  /** Runs code in a turn of an actor of its own and waits for it. */
  static void inTurn(ActorExecutor executor, Consumer<ActorContext<Object>> code) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    executor.spawn(() -> new Once(code, done), ActorOptions.defaults());
    get(done);
  }

  /** The outcome of an operation that is begun in a turn. */
  static <T> T value(ActorExecutor executor, Function<Io, IoOp<T>> operation) {
    CompletableFuture<CompletionStage<T>> begun = new CompletableFuture<>();
    inTurn(executor, context -> begun.complete(operation.apply(context.io()).toCompletionStage()));
    return get(get(begun));
  }

  /** What an operation has failed with. */
  static IoException failure(CompletionStage<?> stage) {
    return assertInstanceOf(
        IoException.class, get(stage.handle((value, thrown) -> thrown)), "the failure");
  }

  /** Sends a buffer of zeros; an empty one has no byte of them. */
  static CompletionStage<Integer> send(
      ActorExecutor executor, int length, Function<IoBuffer, ? extends IoOp<Integer>> send) {
    CompletableFuture<CompletionStage<Integer>> sent = new CompletableFuture<>();
    inTurn(
        executor,
        context -> {
          IoBuffer buffer = context.io().buffer(Math.max(1, length)).setIndex(0, length);
          sent.complete(send.apply(buffer).toCompletionStage());
        });
    return get(sent);
  }

  /** Waits until nothing is lent and nothing under way, and sees that no actor has failed. */
  static void assertAtRest(ActorSystem system) {
    awaitUntil(() -> system.stats().executors().stream().allMatch(Systems::isAtRest));
    assertEquals(0, system.stats().failures());
  }

  private static boolean isAtRest(ExecutorStats stats) {
    return stats.buffersLent() == 0 && stats.io().buffersLent() == 0 && stats.io().inFlight() == 0;
  }

  /** Takes connections, each in a turn, until the system ends; returns where. */
  static InetSocketAddress listen(
      ActorExecutor executor, BiConsumer<TcpStream, ActorContext<TcpStream>> taker) {
    TcpListener listener = value(executor, io -> io.listen(ANY_PORT, ListenOptions.defaults()));
    executor.spawn(() -> new Acceptor(listener, taker), ActorOptions.defaults());
    return listener.localAddress();
  }

  private record Acceptor(
      TcpListener listener, BiConsumer<TcpStream, ActorContext<TcpStream>> taker)
      implements Actor<TcpStream> {
    @Override
    public void preStart(ActorContext<TcpStream> context) {
      context.subscribe(listener.connections(), stream -> stream, Long.MAX_VALUE);
    }

    @Override
    public void receive(TcpStream stream, ActorContext<TcpStream> context) {
      taker.accept(stream, context);
    }
  }

  private static final class Once implements Actor<Object> {
    private final Consumer<ActorContext<Object>> code;
    private final CompletableFuture<Void> done;

    Once(Consumer<ActorContext<Object>> code, CompletableFuture<Void> done) {
      this.code = code;
      this.done = done;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      try {
        code.accept(context);
        done.complete(null);
      } catch (Throwable failure) {
        done.completeExceptionally(failure);
      }
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {}
  }
}
