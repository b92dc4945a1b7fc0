package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoOp;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A system of one executor, and its I/O for threads that are no actors. */
final class TestSystem implements AutoCloseable {
  /** Long enough for a busy machine; nothing waits for it but a failing test. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorSystem system;
  private final Io io;

  private TestSystem(ActorSystem system) {
    this.system = system;
    CompletableFuture<Io> given = new CompletableFuture<>();
    executor().spawn(() -> new IoGiver(given), ActorOptions.defaults());
    this.io = get(given);
  }

  /**
   * Starts a system.
   *
   * @throws dev.ringlet.actor.RingletException if the driver is not available here
   */
  static TestSystem open(String driver) {
    return new TestSystem(
        ActorSystem.create(
            "test",
            ExecutorPool.of(1)
                .withPlacement(Placement.unbound())
                .withDriver(driver)
                .withReceiveBuffers(512, Peer.CHUNK_BYTES)));
  }

  ActorSystem system() {
    return system;
  }

  ActorExecutor executor() {
    return system.executors().get(0);
  }

  Io io() {
    return io;
  }

  static <T> T get(IoOp<T> op) {
    return get(op.toCompletionStage().toCompletableFuture());
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Waits until no actor lives and no receive buffer is out. */
  void awaitQuiescence() {
    awaitUntil(
        () -> executor().stats().actors() == 0 && executor().stats().io().buffersLent() == 0);
  }

  static void awaitUntil(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(condition);
  }

  @Override
  public void close() {
    system.close();
  }

  private static final class IoGiver implements Actor<Void> {
    private final CompletableFuture<Io> given;

    IoGiver(CompletableFuture<Io> given) {
      this.given = given;
    }

    @Override
    public void preStart(ActorContext<Void> context) {
      given.complete(context.io());
      context.stop();
    }

    @Override
    public void receive(Void message, ActorContext<Void> context) {
      throw new AssertionError("it takes no messages");
    }
  }
}
