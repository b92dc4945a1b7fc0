package dev.ringlet.examples.priorities;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.executor.TaskQueueStats;
import java.time.Duration;

/**
 * Two executors. The first has no idle moment: two classes compete for it, and a latency class is
 * woken on it now and then. The second wakes it.
 */
final class Scene implements AutoCloseable {
  private static final int BURNERS_PER_CLASS = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final PriorityClass large;
  private final PriorityClass small;
  private final ActorSystem system;
  private final ActorExecutor saturated;
  private final ActorRef<Woken.Message> woken;

  Scene(ExecutorPool pool, Split split, Duration bound) {
    large = new PriorityClass("large", Shares.of(split.large()), Latency.notImportant());
    small = new PriorityClass("small", Shares.of(split.small()), Latency.notImportant());
    system = ActorSystem.create("priorities", pool.withCount(2));
    saturated = system.executors().get(0);
    PriorityClass urgent =
        new PriorityClass("urgent", Shares.of(Shares.MAX), Latency.matters(bound));
    woken = saturated.spawn(Woken::new, ActorOptions.named("woken").withPriorityClass(urgent));
    for (int i = 0; i < BURNERS_PER_CLASS; i++) {
      burn(large);
      burn(small);
    }
    system
        .executors()
        .get(1)
        .spawn(() -> new Sender(woken), ActorOptions.named("sender").withPriorityClass(urgent));
  }

  private void burn(PriorityClass priorityClass) {
    ActorOptions options = ActorOptions.defaults().withPriorityClass(priorityClass);
    saturated.spawn(Burner::new, options).tell(Burner.Go.GO);
  }

  String driver() {
    return saturated.driver();
  }

  /** How long each class has had the core, in nanoseconds. */
  Times times() {
    return new Times(nanos(large), nanos(small));
  }

  /**
   * Time of the core.
   *
   * @param large of the first class, in nanoseconds
   * @param small of the second class, in nanoseconds
   */
  record Times(long large, long small) {
    /** The part of the first class since an earlier time. */
    double largeSince(Times before) {
      double largeNanos = large - before.large;
      return largeNanos / Math.max(1, largeNanos + small - before.small);
    }
  }

  private long nanos(PriorityClass priorityClass) {
    return saturated.stats().taskQueues().stream()
        .filter(queue -> queue.priorityClass().equals(priorityClass))
        .mapToLong(TaskQueueStats::runNanos)
        .sum();
  }

  /** What comes from now on counts. */
  void beginToMeasure() {
    woken.tell(new Woken.Forget());
  }

  Delays delays() {
    return woken.<Delays>ask(Woken.Tell::new, TIMEOUT).toCompletableFuture().join();
  }

  @Override
  public void close() {
    system.close();
  }
}
