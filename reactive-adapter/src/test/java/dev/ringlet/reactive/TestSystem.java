package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.spi.ContextCarrier;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** A system of one executor, its I/O for threads that are no actors, and what a test leaves. */
final class TestSystem implements AutoCloseable {
  /** Long enough for a busy machine; nothing waits for it but a failing test. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorSystem system;
  private final Io io;
  private final Leftovers ofTest = new Leftovers();
  private final Leftovers ofSystem = new Leftovers();

  /** Actors that live as long as the system. */
  private int residents;

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
    return open(pool(driver));
  }

  /** Starts a system with the least memory for buffers that there may be: 1 MiB. */
  static TestSystem openNarrow(String driver) {
    return open(pool(driver).withBufferMemory(1 << 20));
  }

  private static TestSystem open(ExecutorPool pool) {
    return new TestSystem(ActorSystem.create("test", pool));
  }

  /** Starts a system whose messages carry a context. */
  static TestSystem openCarrying(ContextCarrier carrier) {
    return open(pool(ExecutorPool.AUTO).withContextCarrier(carrier));
  }

  private static ExecutorPool pool(String driver) {
    return ExecutorPool.of(1)
        .withPlacement(Placement.unbound())
        .withDriver(driver)
        .withReceiveBuffers(512, Peer.CHUNK_BYTES);
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

  /** Listens at a free port of this machine only. */
  TcpListener listen() {
    return get(
        io.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.defaults()));
  }

  /** A buffer with so many bytes to read, all of them zero. */
  IoBuffer buffer(int bytes) {
    return get(io.bufferWhenFree(bytes)).write(new byte[bytes]);
  }

  /** Spawns an actor that lives as long as the system. */
  <M> ActorRef<M> spawnResident(Supplier<? extends Actor<M>> actor) {
    residents++;
    return executor().spawn(actor, ActorOptions.defaults());
  }

  /** Spawns an actor that is stopped at the end of the test. */
  <M> ActorRef<M> spawnForTest(Supplier<? extends Actor<M>> actor) {
    return spawnForTest(actor, ActorOptions.defaults());
  }

  <M> ActorRef<M> spawnForTest(Supplier<? extends Actor<M>> actor, ActorOptions options) {
    ActorRef<M> spawned = executor().spawn(actor, options);
    atEndOfTest(() -> system.stop(spawned));
    return spawned;
  }

  /** What the system's user leaves to be ended before the system is closed; the last one first. */
  void atClose(AutoCloseable leftover) {
    ofSystem.add(leftover);
  }

  /** What the test leaves to be ended after it; the last one first. */
  void atEndOfTest(AutoCloseable leftover) {
    ofTest.add(leftover);
  }

  /** Ends what the test has left, and then proves that nothing else of it lives. */
  void endTest() {
    ofTest.end();
    awaitQuiescence();
  }

  static <T> T get(IoOp<T> op) {
    return get(op.toCompletionStage().toCompletableFuture());
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Waits until no actor lives, but residents, and no buffer is out, be it a received one. */
  void awaitQuiescence() {
    try {
      // What was subscribed before has an actor by then.
      awaitTurn();
    } catch (RejectedExecutionException closed) {
      // Nothing starts any more.
    }
    awaitUntil(
        () ->
            executor().stats().actors() == residents
                && executor().stats().io().buffersLent() == 0
                && executor().stats().buffersLent() == 0);
  }

  /** Waits until the kernel is asked for nothing. */
  void awaitNothingInFlight() {
    awaitUntil(() -> executor().stats().io().inFlight() == 0);
  }

  static void awaitUntil(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(condition);
  }

  /** Waits until an assertion of somebody else holds. */
  static void awaitAsserted(Runnable assertion) {
    awaitUntil(
        () -> {
          try {
            assertion.run();
            return true;
          } catch (AssertionError notYet) {
            return false;
          }
        });
  }

  /** Waits until somebody who was dropped is found to be garbage. */
  static void awaitForgotten(WeakReference<?> dropped) {
    awaitUntil(
        () -> {
          System.gc();
          return dropped.get() == null;
        });
  }

  /** Runs something on the executor, and waits for it. */
  void run(Runnable task) {
    get(CompletableFuture.runAsync(task, executor()));
  }

  /** Waits for what the executor has got before. */
  void awaitTurn() {
    run(() -> {});
  }

  @Override
  public void close() {
    ofSystem.end();
    system.close();
  }

  private static final class Leftovers {
    private final ConcurrentLinkedDeque<AutoCloseable> all = new ConcurrentLinkedDeque<>();

    void add(AutoCloseable leftover) {
      all.push(leftover);
    }

    void end() {
      for (AutoCloseable left = all.poll(); left != null; left = all.poll()) {
        try {
          left.close();
        } catch (Exception failure) {
          throw new AssertionError("what a test has left could not be ended", failure);
        }
      }
    }
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
