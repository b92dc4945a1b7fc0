package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoOpcode;
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
    if (request.opcode == IoOpcode.SEND_VECTOR) {
      checkAll(request);
      return;
    }
    IoBuffer buffer = Objects.requireNonNull(request.buffer, "buffer");
    Objects.checkFromIndexSize(request.bufferOffset, request.length, buffer.capacity());
    if (buffer.isReleased()) {
      throw new IllegalStateException(
          request.opcode + ": the buffer was released; it is held until the last completion");
    }
  }

  /** The same for a request with many buffers. */
  static void checkVector(IoRequest request) {
    long bytes = 0;
    for (IoBuffer buffer : request.buffers) {
      if (buffer.isReleased()) {
        throw new IllegalStateException(
            request.opcode + ": a buffer was released; it is held until the last completion");
      }
      bytes += part(request, buffer).remaining();
    }
    if (request.bufferOffset < 0
        || request.length < 0
        || (long) request.bufferOffset + request.length > bytes) {
      throw new IndexOutOfBoundsException(
          request.length + " bytes from " + request.bufferOffset + " of " + bytes);
    }
  }

  /** What of one of its buffers a request with many may fill, or takes. */
  static ByteBuffer part(IoRequest request, IoBuffer buffer) {
    return request.opcode == IoOpcode.READ_VECTOR ? buffer.writable() : buffer.readable();
  }

  private static void checkAll(IoRequest request) {
    long readable = 0;
    for (IoBuffer buffer : request.buffers) {
      if (buffer.isReleased()) {
        throw new IllegalStateException(
            request.opcode + ": a buffer was released; it is held until the last completion");
      }
      readable += buffer.readableBytes();
    }
    if (request.position < 0 || request.position > readable) {
      throw new IndexOutOfBoundsException(
          "position: " + request.position + "; the buffers have " + readable + " bytes");
    }
  }

  /** The readable bytes of the request's buffers, from its position on. */
  static ByteBuffer[] slices(IoRequest request) {
    ByteBuffer[] slices = new ByteBuffer[request.buffers.length];
    long skip = request.position;
    for (int i = 0; i < slices.length; i++) {
      IoBuffer buffer = request.buffers[i];
      int skipped = (int) Math.min(skip, buffer.readableBytes());
      int start = buffer.offset() + buffer.readerIndex() + skipped;
      slices[i] = buffer.memory().bytes().slice(start, buffer.readableBytes() - skipped);
      skip -= skipped;
    }
    return slices;
  }

  /** The bytes of the request's buffer that it reads or writes. */
  static ByteBuffer slice(IoRequest request) {
    IoBuffer buffer = Objects.requireNonNull(request.buffer, "buffer");
    return buffer.memory().bytes().slice(buffer.offset() + request.bufferOffset, request.length);
  }
}
