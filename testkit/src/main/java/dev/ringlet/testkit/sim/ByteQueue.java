package dev.ringlet.testkit.sim;

import java.nio.ByteBuffer;

/** Bytes in order, in a ring that grows with them. The simulation's thread. */
final class ByteQueue {
  private static final int LEAST_BYTES = 256;

  private byte[] ring = {};

  /** Positions since the beginning of all bytes. */
  private long head;

  private long tail;

  int size() {
    return (int) (tail - head);
  }

  /** The position of the first byte. */
  long head() {
    return head;
  }

  /** The position behind the last byte. */
  long tail() {
    return tail;
  }

  /** Takes all that remains in the source. */
  void put(ByteBuffer source) {
    long at = tail;
    reserve(source.remaining());
    fill(at, source);
  }

  /** Makes place for bytes that are {@link #fill filled in} later. */
  void reserve(int count) {
    grow(size() + count);
    tail += count;
  }

  /** Fills in what remains in the source, where place was made for it. */
  void fill(long position, ByteBuffer source) {
    long at = position;
    while (source.hasRemaining()) {
      int from = (int) (at & (ring.length - 1));
      int count = Math.min(source.remaining(), ring.length - from);
      source.get(ring, from, count);
      at += count;
    }
  }

  /** Copies as many bytes as the target has room for, all of which must be here. */
  void peek(ByteBuffer target) {
    long at = head;
    while (target.hasRemaining()) {
      int from = (int) (at & (ring.length - 1));
      int count = Math.min(target.remaining(), ring.length - from);
      target.put(ring, from, count);
      at += count;
    }
  }

  void skip(int count) {
    head += count;
  }

  /** Leaves only the first bytes. */
  void cut(int size) {
    tail = head + size;
  }

  private void grow(int size) {
    if (size <= ring.length) {
      return;
    }
    byte[] larger = new byte[Math.max(LEAST_BYTES, Integer.highestOneBit(size - 1) << 1)];
    for (long at = head; at < tail; at++) {
      larger[(int) (at & (larger.length - 1))] = ring[(int) (at & (ring.length - 1))];
    }
    ring = larger;
  }
}
