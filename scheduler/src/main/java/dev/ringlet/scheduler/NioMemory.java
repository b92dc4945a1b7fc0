package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Where a request's bytes are. Any thread. */
final class NioMemory {
  private NioMemory() {}

  /**
   * Checks a request before it is taken.
   *
   * @throws IndexOutOfBoundsException if its bytes are not within its buffer
   * @throws IllegalStateException if its buffer was released
   */
  static void check(IoRequest request) {
    IoBuffer buffer = Objects.requireNonNull(request.buffer, "buffer");
    Objects.checkFromIndexSize(request.bufferOffset, request.length, buffer.capacity());
    if (buffer.isReleased()) {
      throw new IllegalStateException(
          request.opcode + ": the buffer was released; it is held until the last completion");
    }
  }

  /** The bytes of the request's buffer that it reads or writes. */
  static ByteBuffer slice(IoRequest request) {
    IoBuffer buffer = Objects.requireNonNull(request.buffer, "buffer");
    return buffer.memory().bytes().slice(buffer.offset() + request.bufferOffset, request.length);
  }
}
