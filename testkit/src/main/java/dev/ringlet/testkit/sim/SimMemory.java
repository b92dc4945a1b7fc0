package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Where a request's bytes are. */
final class SimMemory {
  private static final ByteBuffer[] NONE = {};

  /** A mistake shows at the beginning too; so much more would take most of a run's time. */
  private static final int MOST_CHECKED_BYTES = 1 << 18;

  private SimMemory() {}

  /** Checks a request before it is taken; throws what is told of every driver. */
  static void check(IoRequest request) {
    switch (request.opcode) {
      case READ, WRITE, SEND, SEND_DATAGRAM, SEND_DESCRIPTOR -> {
        IoBuffer buffer = Objects.requireNonNull(request.buffer, "buffer");
        Objects.checkFromIndexSize(request.bufferOffset, request.length, buffer.capacity());
        checkHeld(request, buffer);
      }
      case READ_VECTOR, WRITE_VECTOR, SEND_VECTOR -> checkAll(request);
      case RENAME, LINK, SYMLINK -> {
        Objects.requireNonNull(request.path, "path");
        Objects.requireNonNull(request.otherPath, "otherPath");
      }
      case OPEN, UNLINK, MAKE_DIRECTORY -> Objects.requireNonNull(request.path, "path");
      case STAT -> {
        if (request.handle == null) {
          Objects.requireNonNull(request.path, "path");
        }
      }
      default -> {
        // It has no bytes.
      }
    }
  }

  private static void checkAll(IoRequest request) {
    long bytes = 0;
    for (IoBuffer buffer : request.buffers) {
      checkHeld(request, buffer);
      bytes += part(request, buffer).remaining();
    }
    long from = request.opcode == IoOpcode.SEND_VECTOR ? request.position : request.bufferOffset;
    long length = request.opcode == IoOpcode.SEND_VECTOR ? 0 : request.length;
    if (from < 0 || length < 0 || from + length > bytes) {
      throw new IndexOutOfBoundsException(length + " bytes from " + from + " of " + bytes);
    }
  }

  private static void checkHeld(IoRequest request, IoBuffer buffer) {
    if (buffer.isReleased()) {
      throw new IllegalStateException(
          request.opcode + ": the buffer was released; it is held until the last completion");
    }
  }

  private static ByteBuffer part(IoRequest request, IoBuffer buffer) {
    return request.opcode == IoOpcode.READ_VECTOR ? buffer.writable() : buffer.readable();
  }

  /** The memory of a request that has bytes; of others none. */
  static ByteBuffer[] seen(IoRequest request) {
    return switch (request.opcode) {
      case READ, READ_VECTOR -> slices(request);
      default -> isRead(request.opcode) ? slices(request) : NONE;
    };
  }

  /** Whether the kernel takes bytes from the request's memory. */
  static boolean isRead(IoOpcode opcode) {
    return switch (opcode) {
      case WRITE, WRITE_VECTOR, SEND, SEND_VECTOR, SEND_DATAGRAM, SEND_DESCRIPTOR -> true;
      default -> false;
    };
  }

  static long checksum(ByteBuffer[] memory) {
    if (memory.length == 0) {
      return 0;
    }
    CRC32C checksum = new CRC32C();
    int left = MOST_CHECKED_BYTES;
    for (ByteBuffer part : memory) {
      int checked = Math.min(left, part.remaining());
      checksum.update(part.slice(part.position(), checked));
      left -= checked;
    }
    return checksum.getValue();
  }

  private static boolean isVector(IoOpcode opcode) {
    return opcode == IoOpcode.READ_VECTOR
        || opcode == IoOpcode.WRITE_VECTOR
        || opcode == IoOpcode.SEND_VECTOR;
  }

  /** The memory that the request fills, or takes bytes from, in order. */
  static ByteBuffer[] slices(IoRequest request) {
    if (!isVector(request.opcode)) {
      IoBuffer buffer = Objects.requireNonNull(request.buffer, "buffer");
      int start = buffer.offset() + request.bufferOffset;
      return new ByteBuffer[] {buffer.memory().bytes().slice(start, request.length)};
    }
    boolean send = request.opcode == IoOpcode.SEND_VECTOR;
    long skip = send ? request.position : request.bufferOffset;
    long left = send ? Long.MAX_VALUE : request.length;
    ByteBuffer[] slices = new ByteBuffer[request.buffers.length];
    for (int i = 0; i < slices.length; i++) {
      ByteBuffer part = part(request, request.buffers[i]);
      int skipped = (int) Math.min(skip, part.remaining());
      int taken = (int) Math.min(left, part.remaining() - skipped);
      slices[i] = part.slice(skipped, taken);
      skip -= skipped;
      left -= taken;
    }
    return slices;
  }
}
