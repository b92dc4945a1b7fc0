package dev.ringlet.uring;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Native copies of what the operations on files and paths are about: paths, vectors, room for
 * statx; and locks, which need no ring. Each method leaves an operation ready for the kernel and
 * returns true, or leaves its result in it and returns false. <b>Thread:</b> owner executor.
 */
final class FileArguments {
  private FileArguments() {}

  /** One path, at {@code argument}. */
  static boolean path(Operation operation, @Nullable Path path) {
    Path present = Objects.requireNonNull(path);
    if (refuseForeign(operation, present)) {
      return false;
    }
    ByteBuffer name = NativeMemory.cString(NativePath.bytes(present));
    operation.pinned = name;
    operation.argument = NativeMemory.address(name);
    return true;
  }

  /** The path at {@code argument}, the other one at {@code otherArgument}. */
  static boolean paths(Operation operation, IoRequest request) {
    Path path = Objects.requireNonNull(request.path);
    Path otherPath = Objects.requireNonNull(request.otherPath);
    if (refuseForeign(operation, path) || refuseForeign(operation, otherPath)) {
      return false;
    }
    byte[] first = NativePath.bytes(path);
    byte[] second = NativePath.bytes(otherPath);
    int secondAt = first.length + 1;
    ByteBuffer names = NativeMemory.allocate(secondAt + second.length + 1);
    names.put(0, first).put(secondAt, second);
    operation.pinned = names;
    operation.argument = NativeMemory.address(names);
    operation.otherArgument = operation.argument + secondAt;
    return true;
  }

  private static boolean refuseForeign(Operation operation, Path path) {
    if (NativePath.isNative(path)) {
      return false;
    }
    operation.result = -Errno.EINVAL;
    operation.payload =
        new UnsupportedOperationException(path.toUri() + " is not a file of the kernel");
    return true;
  }

  /** A statx at {@code argument} and its path, empty for that of a handle, at the other one. */
  static boolean stat(Operation operation, @Nullable Path path) {
    if (path != null && refuseForeign(operation, path)) {
      return false;
    }
    byte[] name = path == null ? new byte[0] : NativePath.bytes(path);
    ByteBuffer statx = NativeMemory.allocate(Structs.STATX_BYTES + name.length + 1);
    statx.put(Structs.STATX_BYTES, name);
    operation.pinned = statx;
    operation.argument = NativeMemory.address(statx);
    operation.otherArgument = operation.argument + Structs.STATX_BYTES;
    return true;
  }

  /**
   * Checks the memory of a vector.
   *
   * @throws RuntimeException if it is the caller's mistake
   */
  static void checkVector(IoRequest request) {
    IoBuffer[] buffers = request.buffers;
    boolean reads = request.opcode == IoOpcode.READ_VECTOR;
    long bytes = 0;
    for (IoBuffer buffer : buffers) {
      if (buffer.address() == 0) {
        throw new IllegalArgumentException(
            "buffers: " + buffer + "; its memory was not allocated by this kind of driver");
      }
      bytes += reads ? buffer.writableBytes() : buffer.readableBytes();
    }
    if (request.bufferOffset < 0
        || request.length < 0
        || (long) request.bufferOffset + request.length > bytes) {
      throw new IndexOutOfBoundsException(
          request.length + " bytes from " + request.bufferOffset + " of " + bytes);
    }
  }

  /** An array of {@code iovec} at {@code argument}, their number at the other one. */
  static boolean vector(Operation operation, IoRequest request) {
    IoBuffer[] buffers = request.buffers;
    boolean reads = request.opcode == IoOpcode.READ_VECTOR;
    ByteBuffer iovecs = NativeMemory.allocate(buffers.length * Structs.IOVEC_BYTES);
    Object[] pinned = new Object[buffers.length + 1];
    int skip = request.bufferOffset;
    int left = request.length;
    int count = 0;
    for (int i = 0; i < buffers.length && left > 0; i++) {
      IoBuffer buffer = buffers[i];
      int bytes = reads ? buffer.writableBytes() : buffer.readableBytes();
      int begin = Math.min(skip, bytes);
      int taken = Math.min(left, bytes - begin);
      skip -= begin;
      left -= taken;
      if (taken > 0) {
        int first = reads ? buffer.writerIndex() : buffer.readerIndex();
        int at = count * Structs.IOVEC_BYTES;
        iovecs.putLong(at + Structs.IOVEC_BASE, buffer.address() + first + begin);
        iovecs.putLong(at + Structs.IOVEC_LEN, taken);
        pinned[count++] = buffer.memory();
      }
    }
    pinned[buffers.length] = iovecs;
    operation.pinned = pinned;
    operation.argument = NativeMemory.address(iovecs);
    operation.otherArgument = count;
    return true;
  }

  /**
   * Locks of the open file, not of the process: they end with it, and hold against other files of
   * the same process too. The ring has no operation for them; the call waits for nobody.
   */
  static boolean lock(Operation operation, IoRequest request) {
    ByteBuffer flock = operation.scratch;
    int at = operation.scratchOffset;
    for (int i = 0; i < Structs.FLOCK_BYTES; i += Long.BYTES) {
      flock.putLong(at + i, 0);
    }
    flock.putShort(at + Structs.FLOCK_TYPE, lockType(request.flags));
    flock.putLong(at + Structs.FLOCK_START, request.position);
    flock.putLong(at + Structs.FLOCK_LEN, request.count);
    int fd = Objects.requireNonNull(operation.handle).fd;
    int result = Libc.fcntl(fd, Posix.F_OFD_SETLK, operation.scratchAddress);
    boolean taken = result == -Errno.EAGAIN || result == -Errno.EACCES;
    operation.result = taken ? 0 : result < 0 ? result : 1;
    return false;
  }

  private static short lockType(int flags) {
    return (short)
        switch (flags) {
          case IoRequest.LOCK_SHARED -> Posix.F_RDLCK;
          case IoRequest.LOCK_EXCLUSIVE -> Posix.F_WRLCK;
          default -> Posix.F_UNLCK;
        };
  }
}
