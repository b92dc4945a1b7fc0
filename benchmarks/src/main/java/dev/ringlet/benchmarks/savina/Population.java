package dev.ringlet.benchmarks.savina;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What a million idle actors without state take, and how long it takes to spawn and to stop them as
 * children of one actor.
 */
public final class Population {
  private static final int ACTORS = 1_000_000;
  private static final int ROUNDS = 5;

  /** Rounds of the collector that a heap is given to settle. */
  private static final int COLLECTIONS = 3;

  private static final Actor<String> IDLE = (message, context) -> {};

  private Population() {}

  /**
   * Prints a line for each round.
   *
   * @param args {@code ringlet} or {@code pekko}
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] args) throws InterruptedException {
    boolean pekko = args.length > 0 && args[0].equals("pekko");
    for (int round = 0; round < ROUNDS; round++) {
      System.out.println(pekko ? pekko() : ringlet());
    }
  }

  private static String ringlet() throws InterruptedException {
    try (ActorSystem system = ActorSystem.create("population", ExecutorPool.defaults())) {
      CountDownLatch spawned = new CountDownLatch(1);
      long before = usedBytes();
      long start = System.nanoTime();
      ActorRef<String> parent =
          system.spawn(
              () ->
                  (message, context) -> {
                    for (int i = 0; i < ACTORS; i++) {
                      context.spawn(() -> IDLE, ActorOptions.defaults());
                    }
                    spawned.countDown();
                  },
              ActorOptions.defaults());
      parent.tell("spawn");
      spawned.await();
      awaitActors(system, ACTORS + 1);
      awaitRest(system);
      long spawnNanos = System.nanoTime() - start;
      long bytes = usedBytes() - before;
      start = System.nanoTime();
      system.stop(parent);
      awaitActors(system, 0);
      return line("ringlet", bytes, spawnNanos, System.nanoTime() - start);
    }
  }

  private static void awaitActors(ActorSystem system, long count) throws InterruptedException {
    while (system.stats().executors().stream().mapToLong(e -> e.actors()).sum() != count) {
      Thread.sleep(1);
    }
  }

  /** Each start is a message that is handled. */
  private static void awaitRest(ActorSystem system) throws InterruptedException {
    while (system.stats().executors().stream().mapToLong(e -> e.messages()).sum() < ACTORS) {
      Thread.sleep(1);
    }
  }

  private static String pekko() throws InterruptedException {
    CountDownLatch spawned = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Behavior<String> idle = Behaviors.ignore();
    Behavior<String> parent =
        Behaviors.setup(
            context ->
                Behaviors.receiveMessage(
                    message -> {
                      if (message.equals("stop")) {
                        return Behaviors.stopped();
                      }
                      for (int i = 0; i < ACTORS; i++) {
                        context.spawnAnonymous(idle);
                      }
                      spawned.countDown();
                      return Behaviors.same();
                    }));
    Behavior<String> guardian =
        Behaviors.setup(
            context -> {
              var child = context.spawn(parent, "parent");
              context.watchWith(child, "stopped");
              return Behaviors.receiveMessage(
                  message -> {
                    if (message.equals("stopped")) {
                      stopped.countDown();
                    } else {
                      child.tell(message);
                    }
                    return Behaviors.same();
                  });
            });
    long before = usedBytes();
    long start = System.nanoTime();
    var system = org.apache.pekko.actor.typed.ActorSystem.create(guardian, "population");
    system.tell("spawn");
    spawned.await();
    long spawnNanos = System.nanoTime() - start;
    long bytes = usedBytes() - before;
    start = System.nanoTime();
    system.tell("stop");
    stopped.await();
    long stopNanos = System.nanoTime() - start;
    system.terminate();
    var unused = system.getWhenTerminated().toCompletableFuture().join();
    return line("pekko", bytes, spawnNanos, stopNanos);
  }

  private static long usedBytes() throws InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(100);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static String line(String library, long bytes, long spawnNanos, long stopNanos) {
    return "%s: %d bytes, %d ns to spawn, %d ns to stop, each of %d idle actors"
        .formatted(library, bytes / ACTORS, spawnNanos / ACTORS, stopNanos / ACTORS, ACTORS);
  }
}
