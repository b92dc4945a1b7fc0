package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * A growable ring of waiting messages. Owner executor only: plain loads and stores. Those that do
 * not keep the order of arrival put something in front of it and are their cell's for life.
 *
 * <p>Indices run freely and are masked; the ring doubles when full and never shrinks: a large one
 * is dropped when it has become empty, a small one goes back to the executor's stock.
 */
class LocalMailbox {
  /** Enough for a start and a first message: a million actors may be about to start. */
  static final int INITIAL_CAPACITY = 4;

  /** Up to this it is worth keeping. */
  static final int SMALL_CAPACITY = 16;

  private @Nullable Object[] ring = new Object[INITIAL_CAPACITY];
  private int head;
  private int tail;

  void add(Object message) {
    if (tail - head == ring.length) {
      grow();
    }
    ring[tail++ & (ring.length - 1)] = message;
  }

  /** Comes before all that waits. */
  void addFirst(Object message) {
    if (tail - head == ring.length) {
      grow();
    }
    ring[--head & (ring.length - 1)] = message;
  }

  @Nullable Object poll() {
    if (head == tail) {
      return null;
    }
    int index = head++ & (ring.length - 1);
    Object message = ring[index];
    ring[index] = null;
    return message;
  }

  boolean isEmpty() {
    return head == tail;
  }

  int size() {
    return tail - head;
  }

  boolean isSmall() {
    return ring.length <= SMALL_CAPACITY;
  }

  private void grow() {
    int capacity = ring.length;
    if (capacity >= 1 << 30) {
      throw new OutOfMemoryError("mailbox: more than " + capacity + " messages wait");
    }
    @Nullable Object[] larger = new Object[capacity * 2];
    int from = head & (capacity - 1);
    System.arraycopy(ring, from, larger, 0, capacity - from);
    System.arraycopy(ring, 0, larger, capacity - from, from);
    ring = larger;
    tail = capacity;
    head = 0;
  }
}
