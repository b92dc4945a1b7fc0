package dev.ringlet.scheduler;

import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.executor.TaskQueueStats;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one priority class that have something to do, first in first out, and the class's
 * account. Made by any thread, used by the owner executor only, but for what is final and for
 * {@link #stats}.
 */
final class TaskQueue {
  private static final System.Logger LOG = System.getLogger(TaskQueue.class.getName());
  private static final int INITIAL_CAPACITY = 64;

  /** So that two actors that answer each other do not keep the rest of the queue waiting. */
  private static final int MAX_NEXT_IN_A_ROW = 3;

  private final ClassMembership membership;
  private final PriorityClass priorityClass;
  private final long boundNanos;
  private final TaskQueueScheduler scheduler;
  private final boolean runNext;

  private @Nullable Task[] ring = new Task[INITIAL_CAPACITY];
  private int head;
  private int tail;

  /** Runs before the ring, but not more than three times in a row. */
  private @Nullable Task next;

  private int nextInARow;

  /** Operations and subscriptions of its actors: completions may come for it. */
  private int sources;

  // The scheduler's account of it.

  /** Weighted run time. */
  long vruntime;

  /** Whether it is among the runnable queues. */
  boolean active;

  /** Whether an actor has ended the present slice. */
  boolean yielded;

  /** When it became runnable, or when its last slice ended. */
  long runnableSinceNanos;

  /** Has a latency bound, became runnable, and was not picked since. */
  boolean awaited;

  /** How seldom its actors are to look at the clock; see {@link PreemptFlag}. */
  int lookStride = 1;

  private int shares;
  private long weight;
  private long sharesReadNanos;
  private boolean supplierFailed;

  private final Counter runnable = new Counter();
  private final Counter sharesNow = new Counter();
  private final Counter slices = new Counter();
  private final Counter activations = new Counter();
  private final Counter runNanos = new Counter();
  final Counter preemptions = new Counter();
  final Counter yields = new Counter();
  final Counter queueYields = new Counter();
  final Counter budgetEnds = new Counter();
  private final DelayCounts waits = new DelayCounts();

  TaskQueue(ClassMembership membership, TaskQueueScheduler scheduler) {
    this.membership = membership;
    this.priorityClass = membership.priorityClass();
    this.boundNanos = priorityClass.latency().boundNanos();
    this.scheduler = scheduler;
    this.runNext = scheduler.runsNext();
    weigh(priorityClass.shares().isDynamic() ? Shares.MAX : priorityClass.shares().count());
  }

  ClassMembership membership() {
    return membership;
  }

  PriorityClass priorityClass() {
    return priorityClass;
  }

  /** Whether senders must ask for a look on its behalf. Any thread. */
  boolean urgent() {
    return boundNanos != Latency.notImportant().boundNanos();
  }

  long boundNanos() {
    return boundNanos;
  }

  int shares() {
    return shares;
  }

  boolean isEmpty() {
    return head == tail && next == null;
  }

  int size() {
    return tail - head + (next == null ? 0 : 1);
  }

  void add(Task task) {
    if (runNext && isAnswered(task)) {
      if (next != null) {
        append(next);
      }
      next = task;
    } else {
      append(task);
    }
    activate();
  }

  /** Whether the running actor is another one of this queue. */
  private boolean isAnswered(Task task) {
    Task running = task.executor().running();
    return running != null && running != task && running.queue() == this;
  }

  private void activate() {
    if (!active) {
      scheduler.activate(this);
    }
  }

  private void append(Task task) {
    if (tail - head == ring.length) {
      grow();
    }
    ring[tail++ & (ring.length - 1)] = task;
  }

  /** The first; there must be one. */
  Task remove() {
    activations.add(1);
    Task favoured = next;
    if (favoured != null && (nextInARow < MAX_NEXT_IN_A_ROW || head == tail)) {
      nextInARow++;
      next = null;
      return favoured;
    }
    nextInARow = 0;
    int index = head++ & (ring.length - 1);
    Task task = ring[index];
    ring[index] = null;
    assert task != null;
    return task;
  }

  void sourcesChanged(int difference) {
    sources += difference;
  }

  boolean awaitsCompletions() {
    return sources > 0;
  }

  /**
   * The last time at which it must be picked if it is {@link #awaited}, to run within its bound.
   */
  long dueNanos() {
    return runnableSinceNanos + boundNanos - boundNanos / 4;
  }

  /** A slice begins. */
  void picked(long nowNanos) {
    awaited = false;
    yielded = false;
    waits.record(nowNanos - runnableSinceNanos);
    readShares(nowNanos);
  }

  /** Weighs a slice: 1000 shares cost about 1 per nanosecond, 1 share 1024. */
  void charge(long nanos) {
    slices.add(1);
    runNanos.add(nanos);
    vruntime += weighted(nanos);
    runnable.add(size() - runnable.get());
  }

  long weighted(long nanos) {
    return (nanos * weight) >> 12;
  }

  private void weigh(int count) {
    shares = count;
    weight = (1L << 22) / count;
    sharesNow.add(count - sharesNow.get());
  }

  private void readShares(long nowNanos) {
    Shares own = priorityClass.shares();
    if (!own.isDynamic() || (slices.get() > 0 && nowNanos - sharesReadNanos < own.periodNanos())) {
      return;
    }
    sharesReadNanos = nowNanos;
    try {
      weigh(own.count());
      supplierFailed = false;
    } catch (RuntimeException failure) {
      if (!supplierFailed) {
        supplierFailed = true;
        LOG.log(
            Level.WARNING,
            "the shares of class " + priorityClass.name() + " stay at " + shares,
            failure);
      }
    }
  }

  /** Any thread. */
  long activations() {
    return activations.get();
  }

  /** Any thread. */
  TaskQueueStats stats() {
    return new TaskQueueStats(
        priorityClass,
        (int) sharesNow.get(),
        runnable.get(),
        slices.get(),
        activations.get(),
        runNanos.get(),
        preemptions.get(),
        yields.get(),
        queueYields.get(),
        budgetEnds.get(),
        waits.snapshot());
  }

  private void grow() {
    int capacity = ring.length;
    @Nullable Task[] larger = new Task[capacity * 2];
    int from = head & (capacity - 1);
    System.arraycopy(ring, from, larger, 0, capacity - from);
    System.arraycopy(ring, 0, larger, capacity - from, from);
    ring = larger;
    tail = capacity;
    head = 0;
  }
}
