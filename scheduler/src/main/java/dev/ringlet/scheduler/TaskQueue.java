package dev.ringlet.scheduler;

import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.TaskQueueStats;
import org.jspecify.annotations.Nullable;

/**
 * The runnable actors of one priority class on one executor, first in first out, and the time they
 * have used. Made by any thread; afterwards owner executor only.
 */
final class TaskQueue {
  private static final int INITIAL_CAPACITY = 64;

  private final PriorityClass priorityClass;
  private final boolean urgent;
  private final long weight;
  private final TaskQueueScheduler scheduler;

  private @Nullable Task[] ring = new Task[INITIAL_CAPACITY];
  private int head;
  private int tail;

  /** Weighted run time; owned by the scheduler. */
  long vruntime;

  /** Whether the scheduler has it in its list of runnable queues. */
  boolean active;

  private final Counter slices = new Counter();
  private final Counter activations = new Counter();
  private final Counter runNanos = new Counter();

  TaskQueue(PriorityClass priorityClass, TaskQueueScheduler scheduler) {
    this.priorityClass = priorityClass;
    this.urgent = priorityClass.latency().isBounded();
    this.weight = (1L << 22) / priorityClass.shares().count();
    this.scheduler = scheduler;
  }

  PriorityClass priorityClass() {
    return priorityClass;
  }

  /** Whether senders must ask for the core on its behalf. Any thread. */
  boolean urgent() {
    return urgent;
  }

  boolean isEmpty() {
    return head == tail;
  }

  void add(Task cell) {
    if (tail - head == ring.length) {
      grow();
    }
    ring[tail++ & (ring.length - 1)] = cell;
    if (!active) {
      scheduler.activate(this);
    }
  }

  Task remove() {
    int index = head++ & (ring.length - 1);
    Task cell = ring[index];
    ring[index] = null;
    assert cell != null;
    activations.add(1);
    return cell;
  }

  /** Weighs a slice: 1000 shares cost about 1 per nanosecond, 1 share 1024. */
  void charge(long nanos) {
    slices.add(1);
    runNanos.add(nanos);
    vruntime += (nanos * weight) >> 12;
  }

  TaskQueueStats stats() {
    return new TaskQueueStats(priorityClass, slices.get(), activations.get(), runNanos.get());
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
