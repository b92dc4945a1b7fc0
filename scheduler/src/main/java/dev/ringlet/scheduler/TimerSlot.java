package dev.ringlet.scheduler;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one slot of the wheel, in the order they came. Deadlines stand beside the timers,
 * so that moving a timer to another slot does not touch it. Owner executor only.
 */
final class TimerSlot {
  private static final int INITIAL_CAPACITY = 8;

  /** Larger arrays are not kept when they are empty. */
  private static final int MAX_KEPT_CAPACITY = 1024;

  private @Nullable Timer[] timers = new Timer[INITIAL_CAPACITY];
  private long[] deadlineTicks = new long[INITIAL_CAPACITY];

  /** The first that was not taken. */
  private int head;

  private int size;

  /** What stands between these two was looked at by {@link #purge}, or is empty. */
  private int purgedTo;

  private int purgeFrom;

  void add(Timer timer, long deadlineTick) {
    if (size == timers.length) {
      timers = Arrays.copyOf(timers, 2 * size);
      deadlineTicks = Arrays.copyOf(deadlineTicks, 2 * size);
    }
    timers[size] = timer;
    deadlineTicks[size++] = deadlineTick;
  }

  boolean isEmpty() {
    return head == size;
  }

  /** Shows all that were not taken, in order. */
  void forEach(Consumer<? super Timer> action) {
    for (int i = head; i < size; i++) {
      Timer timer = timers[i];
      if (timer != null) {
        action.accept(timer);
      }
    }
  }

  /** The deadline of the next one to take; the slot must not be empty. */
  long headDeadlineTick() {
    return deadlineTicks[head];
  }

  /** Takes the first; null if it was purged. */
  @Nullable Timer take() {
    Timer timer = timers[head];
    timers[head++] = null;
    if (head == size) {
      clear();
    }
    return timer;
  }

  private void clear() {
    head = 0;
    size = 0;
    purgedTo = 0;
    purgeFrom = 0;
    if (timers.length > MAX_KEPT_CAPACITY) {
      timers = new Timer[INITIAL_CAPACITY];
      deadlineTicks = new long[INITIAL_CAPACITY];
    }
  }

  /**
   * Takes out timers that will not fire, a bounded number of steps at a time; the order stays.
   *
   * @return how many were taken out
   */
  int purge(int steps) {
    int taken = 0;
    purgedTo = Math.max(purgedTo, head);
    purgeFrom = Math.max(purgeFrom, head);
    int end = Math.min(size, purgeFrom + steps);
    for (; purgeFrom < end; purgeFrom++) {
      Timer timer = timers[purgeFrom];
      timers[purgeFrom] = null;
      if (timer == null) {
        continue;
      }
      if (timer.isObsolete()) {
        taken++;
      } else {
        timers[purgedTo] = timer;
        deadlineTicks[purgedTo++] = deadlineTicks[purgeFrom];
      }
    }
    if (purgeFrom == size) {
      size = purgedTo;
      purgedTo = head;
      purgeFrom = head;
      if (isEmpty()) {
        clear();
      }
    }
    return taken;
  }

  /** Whether {@link #purge} has begun and not come to the end. */
  boolean isPurging() {
    return purgeFrom > head;
  }

  /** How many are still to be looked at. */
  int purgeable() {
    return size - Math.max(purgeFrom, head);
  }
}
