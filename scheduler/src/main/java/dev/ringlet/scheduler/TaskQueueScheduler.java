package dev.ringlet.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the task queue that runs next: the runnable one with the least weighted run time, as {@link
 * ShareOrder} has it. A slice of {@code t} nanoseconds is charged with {@code t}.
 *
 * <p>A queue whose actor has just given the core away is not picked while others are runnable.
 *
 * <p>A slice is as long as the smallest bound of the runnable latency classes, else the default;
 * less for a queue with fewer shares than another runnable one, so that its share comes in many
 * small parts and is exact over a second.
 *
 * <p>Owner executor only.
 */
final class TaskQueueScheduler {
  /** The shortest slice is this part of the longest. */
  private static final int MIN_SLICE_PART = 16;

  private final ShareOrder<TaskQueue> runnable = new ShareOrder<>();

  /** Queues with a bound that were ever runnable. */
  private final List<TaskQueue> latencyQueues = new ArrayList<>();

  private final long defaultSliceNanos;
  private final PreemptFlag preempt;
  private final boolean runNext;
  private @Nullable TaskQueue passedOver;

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
    runnable.enter(queue, preempt.lastLookNanos());
    if (queue.urgent()) {
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
          && (ShareOrder.isDue(other, nowNanos) || other.vruntime - vruntime < 0)) {
        return true;
      }
    }
    return false;
  }

  /** The queue to run next; one must be runnable. */
  TaskQueue pick(long nowNanos) {
    TaskQueue best = runnable.pick(passedOver, nowNanos);
    passedOver = null;
    best.picked(nowNanos);
    return best;
  }

  /** Accounts for a slice and takes the queue from the list if nothing is left in it. */
  void ran(TaskQueue queue, long nanos, long nowNanos) {
    runnable.charge(queue, nanos);
    queue.ran(nanos);
    if (queue.isEmpty()) {
      runnable.leave(queue);
    } else {
      queue.sinceNanos = nowNanos;
      if (queue.yielded) {
        passedOver = queue;
      }
    }
  }

  /** A queue of this scheduler; any thread. */
  TaskQueue newQueue(ClassMembership membership) {
    return new TaskQueue(membership, this);
  }
}
