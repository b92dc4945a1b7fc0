package dev.ringlet.uring;

import dev.ringlet.spi.IoMemory;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the kernel has pinned, so that reads and writes of files need not find its pages each
 * time: a table of the ring (IORING_REGISTER_BUFFERS2 with IORING_RSRC_REGISTER_SPARSE, Linux
 * 5.19). A piece enters it at its first read or write, and leaves it when the pool gives it up.
 * What is in the table is reachable from here, so that its addresses are not used anew meanwhile.
 *
 * <p>Pinned memory counts as locked (RLIMIT_MEMLOCK) unless the process has CAP_IPC_LOCK. Where the
 * kernel allows no more, the rest is read and written as any memory.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class RegisteredMemory {
  /** Not registered, for {@link #slotOf}. */
  static final int NONE = -1;

  /** How many pieces at most: with those of the pool, 256 KiB to 1 MiB each. */
  private static final int SLOTS = 256;

  /** Larger pieces are made for one use. */
  private static final int MAX_BYTES = 1 << 20;

  private final Ring ring;
  private final Object driver;
  private final @Nullable IoMemory[] pieces;
  private final int[] free;

  /** Cleared when the kernel allows no more, until a piece is given up. */
  private boolean takesMore = true;

  private int freeCount;
  private final ByteBuffer update = NativeMemory.allocate(Structs.RSRC_UPDATE2_BYTES);
  private final ByteBuffer iovec = NativeMemory.allocate(Structs.IOVEC_BYTES);

  private RegisteredMemory(Ring ring, Object driver, int slots) {
    this.ring = ring;
    this.driver = driver;
    pieces = new IoMemory[slots];
    free = new int[slots];
    for (int slot = slots - 1; slot >= 0; slot--) {
      free[freeCount++] = slot;
    }
  }

  /**
   * Sets the table up; one without room where the kernel has no such tables.
   *
   * @param driver whose memory may enter it, as {@link IoMemory#isOf} knows it
   */
  static RegisteredMemory open(Ring ring, Object driver) {
    ByteBuffer registration = NativeMemory.allocate(Structs.RSRC_REGISTER_BYTES);
    registration.putInt(Structs.RSRC_REGISTER_NR, SLOTS);
    registration.putInt(Structs.RSRC_REGISTER_FLAGS, Abi.IORING_RSRC_REGISTER_SPARSE);
    try {
      int result =
          ring.register(
              Abi.IORING_REGISTER_BUFFERS2,
              NativeMemory.address(registration),
              Structs.RSRC_REGISTER_BYTES);
      return new RegisteredMemory(ring, driver, result < 0 ? 0 : SLOTS);
    } finally {
      Reference.reachabilityFence(registration);
    }
  }

  /** Its place in the table, which it enters if it can; {@link #NONE} if not. */
  int slotOf(IoMemory memory) {
    if (!memory.isOf(driver)) {
      return NONE;
    }
    int slot = memory.driverSlot;
    return slot >= 0 || freeCount == 0 || !takesMore ? slot : add(memory);
  }

  private int add(IoMemory memory) {
    if (memory.bytes().capacity() > MAX_BYTES) {
      return NONE;
    }
    int slot = free[freeCount - 1];
    if (!put(slot, memory.address(), memory.bytes().capacity())) {
      takesMore = false;
      return NONE;
    }
    freeCount--;
    pieces[slot] = memory;
    memory.driverSlot = slot;
    return slot;
  }

  /** Nothing is read into it or written from it any more. */
  void remove(IoMemory memory) {
    int slot = memory.driverSlot;
    if (!memory.isOf(driver) || slot < 0) {
      return;
    }
    if (!put(slot, 0, 0)) {
      // The kernel has no memory to forget it with: it stays pinned, and reachable from here.
      return;
    }
    takesMore = true;
    memory.driverSlot = NONE;
    pieces[slot] = null;
    free[freeCount++] = slot;
  }

  /** Pieces in the table. */
  int count() {
    int count = 0;
    for (IoMemory piece : pieces) {
      count += piece == null ? 0 : 1;
    }
    return count;
  }

  private boolean put(int slot, long address, int bytes) {
    iovec.putLong(Structs.IOVEC_BASE, address);
    iovec.putLong(Structs.IOVEC_LEN, bytes);
    update.putInt(Structs.RSRC_UPDATE2_OFFSET, slot);
    update.putLong(Structs.RSRC_UPDATE2_DATA, NativeMemory.address(iovec));
    update.putInt(Structs.RSRC_UPDATE2_NR, 1);
    int result =
        ring.register(
            Abi.IORING_REGISTER_BUFFERS_UPDATE,
            NativeMemory.address(update),
            Structs.RSRC_UPDATE2_BYTES);
    return result == 1;
  }
}
