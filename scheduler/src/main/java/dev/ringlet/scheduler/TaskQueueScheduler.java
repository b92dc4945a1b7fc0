package dev.ringlet.scheduler;

import dev.ringlet.executor.PriorityClass;
import java.util.ArrayList;
import java.util.List;

/**
 * Picks the task queue that runs next: the runnable one with the least weighted run time.
 *
 * <p>The rule is that of the Completely Fair Scheduler as Seastar has it: a slice of {@code t}
 * nanoseconds adds {@code t × 2^22 / shares >> 12} to the queue's vruntime. A queue that wakes
 * starts at the larger of its own vruntime and the floor, which is the largest vruntime that was
 * ever the least: sleeping earns no credit and forgives no debt. Among equals a latency class goes
 * first. Comparison is by difference, so that overflow does no harm.
 *
 * <p>The list of runnable queues is scanned: there are a handful of classes, and a scan of a
 * handful beats a heap. Owner executor only.
 */
final class TaskQueueScheduler {
  private final List<TaskQueue> runnable = new ArrayList<>();
  private final long defaultSliceNanos;
  private final PreemptFlag preempt;
  private boolean hasLatencyClass;
  private long floor;

  /**
   * Creates one.
   *
   * @param defaultSliceNanos the slice while no latency class is runnable
   * @param preempt told when a latency class has become runnable
   */
  TaskQueueScheduler(long defaultSliceNanos, PreemptFlag preempt) {
    this.defaultSliceNanos = defaultSliceNanos;
    this.preempt = preempt;
  }

  boolean hasRunnable() {
    return !runnable.isEmpty();
  }

  void activate(TaskQueue queue) {
    if (queue.vruntime - floor < 0) {
      queue.vruntime = floor;
    }
    queue.active = true;
    runnable.add(queue);
    if (queue.urgent()) {
      hasLatencyClass = true;
      preempt.shorten(queue.priorityClass().latency().boundNanos());
    }
  }

  /** The slice for this turn: the smallest bound of the runnable latency classes. */
  long sliceNanos() {
    long slice = defaultSliceNanos;
    for (int i = 0; i < runnable.size(); i++) {
      slice = Math.min(slice, runnable.get(i).priorityClass().latency().boundNanos());
    }
    return slice;
  }

  /** Whether a latency class has ever been runnable here, so that somebody may be in a hurry. */
  boolean hasLatencyClass() {
    return hasLatencyClass;
  }

  /** The queue to run next; one must be runnable. */
  TaskQueue pick() {
    TaskQueue best = runnable.get(0);
    for (int i = 1; i < runnable.size(); i++) {
      TaskQueue queue = runnable.get(i);
      if (precedes(queue, best)) {
        best = queue;
      }
    }
    return best;
  }

  private static boolean precedes(TaskQueue queue, TaskQueue other) {
    long difference = queue.vruntime - other.vruntime;
    return difference < 0 || (difference == 0 && queue.urgent() && !other.urgent());
  }

  /** Accounts for a slice and takes the queue from the list if nothing is left in it. */
  void ran(TaskQueue queue, long nanos) {
    raiseFloor(queue.vruntime);
    queue.charge(nanos);
    if (queue.isEmpty()) {
      queue.active = false;
      runnable.remove(queue);
    }
  }

  private void raiseFloor(long least) {
    if (least - floor > 0) {
      floor = least;
    }
  }

  /** A queue of this scheduler; any thread. */
  TaskQueue newQueue(PriorityClass priorityClass) {
    return new TaskQueue(priorityClass, this);
  }
}
