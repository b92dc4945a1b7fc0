package dev.ringlet.uring;

import java.nio.ByteBuffer;

/**
 * The completion side of a ring: the kernel fills entries and owns the tail, we consume them and
 * own the head.
 *
 * <p>Use: {@code while (next()) { copy userData(), result(), flags(); release(); act on the copies;
 * }}. The head is released after the entry was read and before anything is done about it, so an
 * action may enter the kernel again.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class CompletionQueue {
  private final int entries;
  private final int mask;
  private final int headOffset;
  private final int tailOffset;
  private final int cqesOffset;

  /**
   * Replaced by an empty buffer at close, so that a late access throws instead of touching unmapped
   * memory.
   */
  private ByteBuffer ring;

  private int head;
  private int tailSeen;

  CompletionQueue(ByteBuffer ring, ByteBuffer params) {
    this.ring = ring;
    entries = params.getInt(ParamsLayout.CQ_ENTRIES);
    headOffset = params.getInt(ParamsLayout.CQ_OFF_HEAD);
    tailOffset = params.getInt(ParamsLayout.CQ_OFF_TAIL);
    cqesOffset = params.getInt(ParamsLayout.CQ_OFF_CQES);
    mask = ring.getInt(params.getInt(ParamsLayout.CQ_OFF_RING_MASK));
    head = ring.getInt(headOffset);
    tailSeen = head;
  }

  int entries() {
    return entries;
  }

  /**
   * True if an entry stands at the head; reads the kernel's tail only when the entries known before
   * are used up.
   */
  boolean next() {
    if (head == tailSeen) {
      tailSeen = tailAcquire();
    }
    return head != tailSeen;
  }

  /**
   * True if there is an entry, by two opaque loads, on any thread; reading the entry needs {@link
   * #next}.
   */
  boolean nonEmpty() {
    ByteBuffer memory = ring;
    return Words.intOpaque(memory, headOffset) != Words.intOpaque(memory, tailOffset);
  }

  long userData() {
    return ring.getLong(entry() + CqeLayout.USER_DATA);
  }

  /** What the operation returned, or {@code -errno}. */
  int result() {
    return ring.getInt(entry() + CqeLayout.RES);
  }

  int flags() {
    return ring.getInt(entry() + CqeLayout.FLAGS);
  }

  /** Gives the entry at the head back to the kernel. */
  void release() {
    head++;
    storeHeadRelease(head);
  }

  void close() {
    ring = NativeMemory.EMPTY;
  }

  private int entry() {
    return cqesOffset + (head & mask) * CqeLayout.BYTES;
  }

  /**
   * Pairs with the kernel's release store after it has written the entries, and all data the
   * operations brought.
   */
  private int tailAcquire() {
    return Words.intAcquire(ring, tailOffset);
  }

  /** Pairs with the kernel's acquire load before it overwrites the entry. */
  private void storeHeadRelease(int value) {
    Words.storeIntRelease(ring, headOffset, value);
  }
}
