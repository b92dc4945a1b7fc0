package dev.ringlet.uring;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Sockets that the kernel finds without counting references to their files: a table of the ring
 * (IORING_REGISTER_FILES2 with IORING_RSRC_REGISTER_SPARSE, Linux 5.19). A socket enters it when it
 * has been used for a while, for entering and leaving are a system call each, and leaves it before
 * its descriptor is closed or given away: what is in the table stays open.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class RegisteredSockets {
  /** Not registered, for {@link #slotOf}. */
  static final int NONE = -1;

  /** The kernel keeps 8 bytes for each; later sockets are used as any file. */
  private static final int MAX_SLOTS = 1 << 14;

  private static final int MIN_SLOTS = 1 << 8;

  /** Operations after which a socket is taken for one that lives on. */
  static final int USES_BEFORE = 16;

  private final Ring ring;
  private final int[] free;
  private int freeCount;
  private final ByteBuffer update = NativeMemory.allocate(Structs.RSRC_UPDATE_BYTES);
  private final ByteBuffer descriptor = NativeMemory.allocate(Integer.BYTES);

  private RegisteredSockets(Ring ring, int slots) {
    this.ring = ring;
    free = new int[slots];
    for (int slot = slots - 1; slot >= 0; slot--) {
      free[freeCount++] = slot;
    }
  }

  /** Sets the table up; one without room where the kernel has none that serves. */
  static RegisteredSockets open(Ring ring, Capabilities capabilities) {
    int slots = capabilities.releasesFilesAtOnce() ? MAX_SLOTS : 0;
    // It may not be larger than the number of files that the process may open (EMFILE).
    while (slots >= MIN_SLOTS && !register(ring, slots)) {
      slots >>= 1;
    }
    return new RegisteredSockets(ring, slots >= MIN_SLOTS ? slots : 0);
  }

  private static boolean register(Ring ring, int slots) {
    ByteBuffer registration = NativeMemory.allocate(Structs.RSRC_REGISTER_BYTES);
    registration.putInt(Structs.RSRC_REGISTER_NR, slots);
    registration.putInt(Structs.RSRC_REGISTER_FLAGS, Abi.IORING_RSRC_REGISTER_SPARSE);
    try {
      int result =
          ring.register(
              Abi.IORING_REGISTER_FILES2,
              NativeMemory.address(registration),
              Structs.RSRC_REGISTER_BYTES);
      return result >= 0;
    } finally {
      Reference.reachabilityFence(registration);
    }
  }

  /** Its place in the table, which it enters if it is time to; {@link #NONE} if not. */
  int slotOf(UringHandle socket) {
    if (socket.uses == USES_BEFORE) {
      return socket.slot;
    }
    socket.uses++;
    if (socket.uses == USES_BEFORE && freeCount > 0 && put(free[freeCount - 1], socket.fd)) {
      socket.slot = free[--freeCount];
    }
    return socket.slot;
  }

  /** Nothing is in flight on it; from now on its descriptor is all that keeps it open. */
  void remove(UringHandle socket) {
    int slot = socket.slot;
    if (slot == NONE) {
      return;
    }
    if (!put(slot, -1)) {
      throw new AssertionError(socket + " cannot leave slot " + slot + " of the ring's table");
    }
    socket.slot = NONE;
    free[freeCount++] = slot;
  }

  /** All leave the table; nothing is in flight. */
  void close() {
    if (free.length > 0) {
      int result = ring.register(Abi.IORING_UNREGISTER_FILES, 0, 0);
      assert result == 0 : "the ring's table of sockets stays: " + result;
    }
  }

  /** Sockets in the table. */
  int count() {
    return free.length - freeCount;
  }

  private boolean put(int slot, int fd) {
    descriptor.putInt(0, fd);
    update.putInt(Structs.RSRC_UPDATE_OFFSET, slot);
    update.putLong(Structs.RSRC_UPDATE_DATA, NativeMemory.address(descriptor));
    return ring.register(Abi.IORING_REGISTER_FILES_UPDATE, NativeMemory.address(update), 1) == 1;
  }
}
