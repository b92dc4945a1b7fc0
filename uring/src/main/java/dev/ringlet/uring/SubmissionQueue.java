package dev.ringlet.uring;

import java.nio.ByteBuffer;

/**
 * The submission side of a ring: we fill entries and own the tail, the kernel consumes them in
 * {@code io_uring_enter} and owns the head.
 *
 * <p>What is still to be submitted is always {@code tail - head}: the kernel's own head is the only
 * account that stays right when an enter takes fewer entries than it was offered.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class SubmissionQueue {
  private final int entries;
  private final int mask;
  private final int headOffset;
  private final int tailOffset;
  private final int flagsOffset;

  /**
   * Replaced by an empty buffer at close, so that a late access throws instead of touching unmapped
   * memory.
   */
  private ByteBuffer ring;

  /** The entries; tests change what the kernel has not seen. */
  ByteBuffer sqes;

  private int tail;

  SubmissionQueue(ByteBuffer ring, ByteBuffer sqes, ByteBuffer params) {
    this.ring = ring;
    this.sqes = sqes;
    entries = params.getInt(ParamsLayout.SQ_ENTRIES);
    headOffset = params.getInt(ParamsLayout.SQ_OFF_HEAD);
    tailOffset = params.getInt(ParamsLayout.SQ_OFF_TAIL);
    flagsOffset = params.getInt(ParamsLayout.SQ_OFF_FLAGS);
    mask = ring.getInt(params.getInt(ParamsLayout.SQ_OFF_RING_MASK));
    tail = ring.getInt(tailOffset);
    if ((params.getInt(ParamsLayout.FLAGS) & Abi.IORING_SETUP_NO_SQARRAY) == 0) {
      fillIndexArray(params.getInt(ParamsLayout.SQ_OFF_ARRAY));
    }
  }

  /** Older kernels read entries through an array of indices; entry i stands at index i for ever. */
  private void fillIndexArray(int arrayOffset) {
    for (int i = 0; i < entries; i++) {
      ring.putInt(arrayOffset + i * Integer.BYTES, i);
    }
  }

  int entries() {
    return entries;
  }

  boolean hasRoom() {
    return tail - headAcquire() < entries;
  }

  /** Entries filled and not yet consumed by the kernel. */
  int unsubmitted() {
    return tail - headAcquire();
  }

  /**
   * Fills the next entry, all 64 bytes of it: bits left over from the previous lap would be obeyed.
   * The caller has checked {@link #hasRoom}. The kernel sees the entry after the next {@link
   * #publish}.
   */
  void push(long head, long off, long addr, long lenAndFlags, long userData, long bufAndFile) {
    assert hasRoom() : "no room in the submission queue";
    ByteBuffer memory = sqes;
    int at = (tail & mask) * SqeLayout.BYTES;
    memory.putLong(at + SqeLayout.OPCODE, head);
    memory.putLong(at + SqeLayout.OFF, off);
    memory.putLong(at + SqeLayout.ADDR, addr);
    memory.putLong(at + SqeLayout.LEN, lenAndFlags);
    memory.putLong(at + SqeLayout.USER_DATA, userData);
    memory.putLong(at + SqeLayout.BUF_GROUP, bufAndFile);
    memory.putLong(at + SqeLayout.ADDR3, 0);
    memory.putLong(at + SqeLayout.PAD2, 0);
    tail++;
  }

  /** Makes the filled entries visible to the kernel, which takes them in the next enter. */
  void publish() {
    storeTailRelease(tail);
  }

  boolean overflown() {
    return (flagsOpaque() & Abi.IORING_SQ_CQ_OVERFLOW) != 0;
  }

  /**
   * True if an enter with GETEVENTS would bring completions: task work waits, or completions did
   * not fit.
   */
  boolean kernelHasWork() {
    return (flagsOpaque() & (Abi.IORING_SQ_TASKRUN | Abi.IORING_SQ_CQ_OVERFLOW)) != 0;
  }

  void close() {
    ring = NativeMemory.EMPTY;
    sqes = NativeMemory.EMPTY;
  }

  /** Pairs with the kernel's release store after it has read the entries. */
  private int headAcquire() {
    return Words.intAcquire(ring, headOffset);
  }

  /** Pairs with the kernel's acquire load before it reads the entries. */
  private void storeTailRelease(int value) {
    Words.storeIntRelease(ring, tailOffset, value);
  }

  /** A hint only: whatever it announces is read with its own ordering after the enter. */
  private int flagsOpaque() {
    return Words.intOpaque(ring, flagsOffset);
  }
}
