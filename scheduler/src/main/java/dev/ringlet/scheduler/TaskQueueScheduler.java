package dev.ringlet.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the task queue that runs next: the runnable one with the least weighted run time.
 *
 * <p>The rule is that of the Completely Fair Scheduler as Seastar has it: a slice of {@code t}
 * nanoseconds adds {@code t × 2^22 / shares >> 12} to the queue's vruntime. A queue that wakes
 * starts at the larger of its own vruntime and the floor, which is the largest vruntime that was
 * ever the least: sleeping earns no credit and forgives no debt. Among equals a latency class goes
 * first. Comparison is by difference, so that overflow does no harm.
 *
 * <p>Two things come before the least: a queue whose actor has just given the core away is not
 * picked while others are runnable, and a latency class that has become runnable is picked when its
 * bound has nearly passed, also if it has used more than its share; once, for one slice.
 *
 * <p>A slice is as long as the smallest bound of the runnable latency classes, else the default;
 * less for a queue with fewer shares than another runnable one, so that its share comes in many
 * small parts and is exact over a second.
 *
 * <p>The list of runnable queues is scanned: there are a handful of classes, and a scan of a
 * handful beats a heap. Owner executor only.
 */
final class TaskQueueScheduler {
  /** The shortest slice is this part of the longest. */
  private static final int MIN_SLICE_PART = 16;

  private final List<TaskQueue> runnable = new ArrayList<>();

  /** Queues with a bound that were ever runnable. */
  private final List<TaskQueue> latencyQueues = new ArrayList<>();

  private final long defaultSliceNanos;
  private final PreemptFlag preempt;
  private final boolean runNext;
  private @Nullable TaskQueue passedOver;
  private long floor;

  /**
   * Creates one.
   *
   * @param defaultSliceNanos the slice while no latency class is runnable
   * @param preempt knows the time, and is told when a slice must end earlier
   * @param runNext whether who is sent a message by the running actor of its queue runs next
   */
  TaskQueueScheduler(long defaultSliceNanos, PreemptFlag preempt, boolean runNext) {
    this.defaultSliceNanos = defaultSliceNanos;
    this.preempt = preempt;
    this.runNext = runNext;
  }

  boolean runsNext() {
    return runNext;
  }

  boolean hasRunnable() {
    return !runnable.isEmpty();
  }

  /** How many actors wait for the core. */
  int backlog() {
    int sum = 0;
    for (int i = 0; i < runnable.size(); i++) {
      sum += runnable.get(i).size();
    }
    return sum;
  }

  void activate(TaskQueue queue) {
    if (queue.vruntime - floor < 0) {
      queue.vruntime = floor;
    }
    queue.active = true;
    runnable.add(queue);
    queue.runnableSinceNanos = preempt.lastLookNanos();
    if (queue.urgent()) {
      queue.awaited = true;
      if (!latencyQueues.contains(queue)) {
        latencyQueues.add(queue);
      }
      preempt.shorten(queue.dueNanos());
    }
  }

  /** Its class was removed. */
  void forget(TaskQueue queue) {
    latencyQueues.remove(queue);
    if (passedOver == queue) {
      passedOver = null;
    }
  }

  /** The longest slice now: the smallest bound of the runnable latency classes. */
  long turnNanos() {
    long slice = defaultSliceNanos;
    for (int i = 0; i < runnable.size(); i++) {
      slice = Math.min(slice, runnable.get(i).boundNanos());
    }
    return slice;
  }

  /** The longest slice for one queue. */
  long sliceNanos(TaskQueue queue) {
    int most = queue.shares();
    for (int i = 0; i < runnable.size(); i++) {
      most = Math.max(most, runnable.get(i).shares());
    }
    long turn = turnNanos();
    if (queue.shares() == most) {
      return turn;
    }
    return Math.max(turn / MIN_SLICE_PART, turn * queue.shares() / most);
  }

  /** When the slice of a queue must end, so that no latency class misses its bound. */
  long sliceEndNanos(TaskQueue queue, long nowNanos) {
    long end = nowNanos + sliceNanos(queue);
    for (int i = 0; i < latencyQueues.size(); i++) {
      TaskQueue other = latencyQueues.get(i);
      if (other.awaited && other != queue && other.dueNanos() - end < 0) {
        end = other.dueNanos();
      }
    }
    return end;
  }

  /** Whether a latency class was ever runnable here, so that somebody may be in a hurry. */
  boolean hasLatencyQueues() {
    return !latencyQueues.isEmpty();
  }

  /** The smallest bound of the latency classes that were ever runnable here. */
  long leastBoundNanos() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < latencyQueues.size(); i++) {
      least = Math.min(least, latencyQueues.get(i).boundNanos());
    }
    return least;
  }

  /** Whether a more urgent class may get work while this one runs. */
  boolean watchesWhile(TaskQueue running) {
    for (int i = 0; i < latencyQueues.size(); i++) {
      if (latencyQueues.get(i).boundNanos() < running.boundNanos()) {
        return true;
      }
    }
    return false;
  }

  /** Whether completions may come for a more urgent class than this one. */
  boolean awaitsCompletionsWhile(TaskQueue running) {
    for (int i = 0; i < latencyQueues.size(); i++) {
      TaskQueue other = latencyQueues.get(i);
      if (other.boundNanos() < running.boundNanos() && other.awaitsCompletions()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a more urgent queue should have the core: its bound has nearly passed, or it has used
   * less of its share than the running one, whose slice began some time ago.
   */
  boolean urgentWaits(TaskQueue running, long sliceStartNanos, long nowNanos) {
    long vruntime = running.vruntime + running.weighted(nowNanos - sliceStartNanos);
    for (int i = 0; i < latencyQueues.size(); i++) {
      TaskQueue other = latencyQueues.get(i);
      if (other.active
          && other.boundNanos() < running.boundNanos()
          && (isDue(other, nowNanos) || other.vruntime - vruntime < 0)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDue(TaskQueue queue, long nowNanos) {
    return queue.awaited && nowNanos - queue.dueNanos() >= 0;
  }

  /** The queue to run next; one must be runnable. */
  TaskQueue pick(long nowNanos) {
    TaskQueue best = null;
    for (int i = 0; i < runnable.size(); i++) {
      TaskQueue queue = runnable.get(i);
      if (queue != passedOver && (best == null || precedes(queue, best, nowNanos))) {
        best = queue;
      }
    }
    passedOver = null;
    if (best == null) {
      best = runnable.get(0);
    }
    best.picked(nowNanos);
    return best;
  }

  private static boolean precedes(TaskQueue queue, TaskQueue other, long nowNanos) {
    boolean due = isDue(queue, nowNanos);
    boolean otherDue = isDue(other, nowNanos);
    if (due || otherDue) {
      return due && (!otherDue || queue.dueNanos() - other.dueNanos() < 0);
    }
    long difference = queue.vruntime - other.vruntime;
    return difference < 0 || (difference == 0 && queue.boundNanos() < other.boundNanos());
  }

  /** Accounts for a slice and takes the queue from the list if nothing is left in it. */
  void ran(TaskQueue queue, long nanos, long nowNanos) {
    raiseFloor(queue.vruntime);
    queue.charge(nanos);
    if (queue.isEmpty()) {
      queue.active = false;
      runnable.remove(queue);
    } else {
      queue.runnableSinceNanos = nowNanos;
      if (queue.yielded) {
        passedOver = queue;
      }
    }
  }

  /** The largest vruntime that was ever the least; a queue that ran out of turn does not count. */
  private void raiseFloor(long picked) {
    long least = picked;
    for (int i = 0; i < runnable.size(); i++) {
      long vruntime = runnable.get(i).vruntime;
      if (vruntime - least < 0) {
        least = vruntime;
      }
    }
    if (least - floor > 0) {
      floor = least;
    }
  }

  /** A queue of this scheduler; any thread. */
  TaskQueue newQueue(ClassMembership membership) {
    return new TaskQueue(membership, this);
  }
}
