package dev.ringlet.scheduler;

import dev.ringlet.executor.TaskQueueStats;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one priority class that have something to do, first in first out, and the class's
 * account. Made by any thread, used by the owner executor only, but for what is final and for
 * {@link #stats}.
 */
final class TaskQueue extends ShareAccount {
  private static final int INITIAL_CAPACITY = 64;

  /** So that two actors that answer each other do not keep the rest of the queue waiting. */
  private static final int MAX_NEXT_IN_A_ROW = 3;

  private final ClassMembership membership;
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

  /** Whether an actor has ended the present slice. */
  boolean yielded;

  /** How seldom its actors are to look at the clock; see {@link PreemptFlag}. */
  int lookStride = 1;

  private final Counter runnable = new Counter();
  private final Counter slices = new Counter();
  private final Counter activations = new Counter();
  private final Counter runNanos = new Counter();
  final Counter preemptions = new Counter();
  final Counter yields = new Counter();
  final Counter queueYields = new Counter();
  final Counter budgetEnds = new Counter();
  private final DelayCounts waits = new DelayCounts();

  /** What its actors want of the disk. */
  private final DiskAccount disk;

  TaskQueue(ClassMembership membership, TaskQueueScheduler scheduler) {
    super(membership.priorityClass());
    this.membership = membership;
    this.scheduler = scheduler;
    this.runNext = scheduler.runsNext();
    this.disk = new DiskAccount(membership.priorityClass());
  }

  ClassMembership membership() {
    return membership;
  }

  /** Any thread. */
  DiskAccount disk() {
    return disk;
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

  /** A slice begins. */
  void picked(long nowNanos) {
    yielded = false;
    waits.record(nowNanos - sinceNanos);
    readShares(nowNanos);
  }

  /** A slice has ended. */
  void ran(long nanos) {
    slices.add(1);
    runNanos.add(nanos);
    runnable.add(size() - runnable.get());
  }

  /** Any thread. */
  long activations() {
    return activations.get();
  }

  /** Any thread. */
  TaskQueueStats stats() {
    return new TaskQueueStats(
        priorityClass(),
        sharesAsSeen(),
        runnable.get(),
        slices.get(),
        activations.get(),
        runNanos.get(),
        preemptions.get(),
        yields.get(),
        queueYields.get(),
        budgetEnds.get(),
        waits.snapshot(),
        disk.stats());
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
