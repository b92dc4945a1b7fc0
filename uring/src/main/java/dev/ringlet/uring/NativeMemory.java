package dev.ringlet.uring;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Direct memory and its addresses.
 *
 * <p>Allocated memory belongs to the garbage collector: whoever hands an address to the kernel
 * keeps the buffer strongly reachable until the kernel is done with it.
 */
final class NativeMemory {
  static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);

  private NativeMemory() {}

  /**
   * Zeroed memory in the byte order of the kernel's structs; aligned to 8 bytes as all direct
   * memory is.
   */
  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Zeroed memory that begins at a multiple of {@code alignment}, a power of two. */
  static ByteBuffer allocateAligned(int bytes, int alignment) {
    ByteBuffer raw = ByteBuffer.allocateDirect(Math.addExact(bytes, alignment));
    int misalignment = raw.alignmentOffset(0, alignment);
    int start = misalignment == 0 ? 0 : alignment - misalignment;
    return raw.slice(start, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A zero-terminated copy for a {@code char*} argument. */
  static ByteBuffer cString(byte[] bytes) {
    ByteBuffer memory = allocate(bytes.length + 1);
    memory.put(0, bytes);
    return memory;
  }

  /** The address of index 0, whatever the position is. */
  static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  /**
   * A view of memory that is not the garbage collector's; using it after it was unmapped ends the
   * process.
   */
  static ByteBuffer view(long address, long bytes) {
    return new Pointer(address).getByteBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
