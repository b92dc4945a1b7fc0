package dev.ringlet.uring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Ordered access to words that are shared with the kernel. Bounds are checked as for any buffer
 * access; the offsets must be aligned to the size of the word.
 */
final class Words {
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  static int intAcquire(ByteBuffer memory, int offset) {
    return (int) INT.getAcquire(memory, offset);
  }

  static int intOpaque(ByteBuffer memory, int offset) {
    return (int) INT.getOpaque(memory, offset);
  }

  static void storeIntRelease(ByteBuffer memory, int offset, int value) {
    INT.setRelease(memory, offset, value);
  }

  static void storeShortRelease(ByteBuffer memory, int offset, short value) {
    SHORT.setRelease(memory, offset, value);
  }
}
