package dev.ringlet.uring;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Gets a request ready: native copies of its arguments, sockets, the things that need no ring.
 * <b>Thread:</b> owner executor.
 */
final class Preparation {
  private final Object driver;
  private final HandleList handles;
  private final Sockets sockets = new Sockets();
  private final boolean ringTruncates;

  Preparation(Object driver, HandleList handles, boolean ringTruncates) {
    this.driver = driver;
    this.handles = handles;
    this.ringTruncates = ringTruncates;
  }

  /**
   * Refuses a request that no kernel should see: the checks on buffers are what keeps foreign
   * memory safe.
   *
   * @throws RuntimeException if it is the caller's mistake
   */
  void validate(IoRequest request) {
    switch (request.opcode) {
      case OPEN -> Objects.requireNonNull(request.path, "path");
      case LISTEN, CONNECT -> Objects.requireNonNull(request.address, "address");
      case READ, WRITE, SEND -> address(request);
      case READ_VECTOR, WRITE_VECTOR -> FileArguments.checkVector(request);
      case UNLINK, MAKE_DIRECTORY -> Objects.requireNonNull(request.path, "path");
      case RENAME, LINK, SYMLINK -> {
        Objects.requireNonNull(request.path, "path");
        Objects.requireNonNull(request.otherPath, "otherPath");
      }
      default -> {}
    }
  }

  /**
   * Gets a request ready for the kernel, or does it.
   *
   * @return true if it is to be submitted; false if it is done, with result and payload in the
   *     operation
   */
  boolean prepare(Operation operation) {
    IoRequest request = operation.requireRequest();
    return switch (request.opcode) {
      case OPEN, UNLINK, MAKE_DIRECTORY -> FileArguments.path(operation, request.path);
      case RENAME, LINK, SYMLINK -> FileArguments.paths(operation, request);
      case STAT -> FileArguments.stat(operation, operation.handle == null ? request.path : null);
      case READ_VECTOR, WRITE_VECTOR -> FileArguments.vector(operation, request);
      case LOCK -> FileArguments.lock(operation, request);
      case READ, WRITE, SEND -> transfer(operation, request);
      case SIZE -> size(operation);
      case LISTEN -> listen(operation, request, Objects.requireNonNull(request.address));
      case CONNECT -> connect(operation, Objects.requireNonNull(request.address));
      case DELAY -> delay(operation, request);
      case TRUNCATE -> ringTruncates || truncate(operation, request);
      default -> true;
    };
  }

  private static boolean transfer(Operation operation, IoRequest request) {
    operation.argument = address(request);
    operation.pinned = Objects.requireNonNull(request.buffer).memory();
    return true;
  }

  private static boolean size(Operation operation) {
    ByteBuffer statx = NativeMemory.allocate(Structs.STATX_BYTES);
    operation.pinned = statx;
    operation.argument = NativeMemory.address(statx);
    return true;
  }

  private static boolean delay(Operation operation, IoRequest request) {
    Ring.writeTimespec(operation.scratch, operation.scratchOffset, Math.max(0, request.position));
    return true;
  }

  private static long address(IoRequest request) {
    IoBuffer buffer = Objects.requireNonNull(request.buffer, "buffer");
    Objects.checkFromIndexSize(request.bufferOffset, request.length, buffer.capacity());
    long address = buffer.address();
    if (address == 0) {
      throw new IllegalArgumentException(
          "buffer: " + buffer + "; its memory was not allocated by this kind of driver");
    }
    return address + request.bufferOffset;
  }

  private boolean listen(Operation operation, IoRequest request, InetSocketAddress address) {
    if (!isResolved(operation, address)) {
      return false;
    }
    boolean shared = (request.flags & IoRequest.LISTEN_SHARED_PORT) != 0;
    int fd = sockets.listener(address, request.length, shared);
    operation.result = Math.min(fd, 0);
    if (fd >= 0) {
      operation.payload = newHandle(fd, true);
    }
    return false;
  }

  private boolean connect(Operation operation, InetSocketAddress address) {
    if (!isResolved(operation, address)) {
      return false;
    }
    int family = SocketAddresses.family(address.getAddress());
    int fd = sockets.stream(family);
    if (fd < 0) {
      operation.result = fd;
      return false;
    }
    operation.fd = fd;
    operation.argument =
        SocketAddresses.encode(
            operation.scratch,
            operation.scratchOffset,
            family,
            address.getAddress(),
            address.getPort());
    return true;
  }

  private static boolean isResolved(Operation operation, InetSocketAddress address) {
    if (address.isUnresolved()) {
      operation.result = -Errno.EHOSTUNREACH;
      operation.payload = new UnknownHostException(address.getHostString() + " is not resolved");
    }
    return !address.isUnresolved();
  }

  /**
   * Before Linux 6.9 the ring has no such operation; the call is short, as it is for everybody
   * else.
   */
  private static boolean truncate(Operation operation, IoRequest request) {
    UringHandle handle = Objects.requireNonNull(operation.handle);
    operation.result = Libc.ftruncate(handle.fd, request.position);
    return false;
  }

  /** Closes the socket of a connect that came to nothing. */
  static void dropSocket(Operation operation) {
    IoRequest request = operation.request;
    if (request != null && request.opcode == IoOpcode.CONNECT && operation.fd >= 0) {
      Libc.close(operation.fd);
      operation.fd = -1;
    }
  }

  UringHandle newHandle(int fd, boolean socket) {
    UringHandle handle = new UringHandle(driver, fd, socket);
    handles.add(handle);
    return handle;
  }
}
