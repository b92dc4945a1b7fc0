package dev.ringlet.reactive;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue that any threads add to and take from, and that can be closed to those who add.
 * Any thread.
 *
 * <p>It is D. Vyukov's bounded queue of many producers and many consumers, with an exact bound, and
 * the end as a bit of the tail. Positions count up; a place is claimed by moving head or tail, and
 * each slot has a turn that tells what may be done in it:
 *
 * <pre>
 * turn of slot      means                          goes to          by
 * position          free for the one who adds      position + 1     who has moved the tail, filled
 * position + 1      full for the one who takes     position + size  who has moved the head, emptied
 * position + size   free, one round later
 * </pre>
 *
 * The bound is that of head and tail. A place that is claimed and not yet filled hides those behind
 * it from {@link #poll}. The ring is larger than the bound, so with one thread that takes, those
 * who add find their slot empty; with several, one may have to wait until another has emptied it.
 */
final class PushRing<T> {
  /** What has become of an element. */
  enum Answer {
    KEPT,
    FULL,
    CLOSED
  }

  /** Longs from one index to the other, and to the ends: 128 bytes, against false sharing. */
  private static final int APART = 16;

  private static final int HEAD = APART;
  private static final int TAIL = 2 * APART;

  /** A bit of the tail: nobody adds any more. */
  private static final long CLOSED_BIT = Long.MIN_VALUE;

  private final int capacity;
  private final int mask;
  private final AtomicLongArray indices = new AtomicLongArray(3 * APART);

  /** A slot belongs to who has claimed its position; published by its turn. */
  private final @Nullable Object[] slots;

  private final AtomicLongArray turns;

  /**
   * @param capacity how many elements wait at most; 1 to 2^29
   */
  PushRing(int capacity) {
    int size = Integer.highestOneBit(capacity) << 1;
    this.capacity = capacity;
    this.mask = size - 1;
    this.slots = new Object[size];
    this.turns = new AtomicLongArray(size);
    for (int slot = 0; slot < size; slot++) {
      turns.setPlain(slot, slot);
    }
  }

  /** Adds an element, unless it is full or closed. */
  Answer offer(T element) {
    while (true) {
      long tail = indices.get(TAIL);
      if ((tail & CLOSED_BIT) != 0) {
        return Answer.CLOSED;
      }
      if (tail - indices.get(HEAD) >= capacity) {
        return Answer.FULL;
      }
      int slot = (int) tail & mask;
      long turn = turns.get(slot);
      if (turn < tail) {
        giveWay();
      } else if (turn == tail && indices.compareAndSet(TAIL, tail, tail + 1)) {
        slots[slot] = element;
        turns.set(slot, tail + 1);
        return Answer.KEPT;
      }
    }
  }

  /** Takes the oldest element; null if there is none, or its place is claimed but not filled. */
  @Nullable T poll() {
    while (true) {
      long head = indices.get(HEAD);
      int slot = (int) head & mask;
      long turn = turns.get(slot);
      if (turn <= head) {
        return null;
      }
      if (turn == head + 1 && indices.compareAndSet(HEAD, head, head + 1)) {
        @SuppressWarnings("unchecked") // only offer fills a slot
        T element = (T) slots[slot];
        slots[slot] = null;
        turns.set(slot, head + slots.length);
        return element;
      }
    }
  }

  /**
   * For those who wait until another thread has filled or emptied a slot; it may need this core.
   */
  @SuppressWarnings("ThreadPriorityCheck") // it saves time, no more
  static void giveWay() {
    Thread.yield();
  }

  /** Refuses what comes from now on; what has a place already may still be filled in. */
  void close() {
    long tail;
    do {
      tail = indices.get(TAIL);
    } while (!indices.compareAndSet(TAIL, tail, tail | CLOSED_BIT));
  }

  boolean isClosed() {
    return (indices.get(TAIL) & CLOSED_BIT) != 0;
  }

  /** Whether it is closed and all was taken: then {@link #poll} finds nothing any more. */
  boolean isDrained() {
    long tail = indices.get(TAIL);
    return (tail & CLOSED_BIT) != 0 && (tail & ~CLOSED_BIT) == indices.get(HEAD);
  }
}
