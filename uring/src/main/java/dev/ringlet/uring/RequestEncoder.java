package dev.ringlet.uring;

import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Writes the submission entry of a prepared operation. <b>Thread:</b> owner executor; the queue has
 * room.
 */
final class RequestEncoder {
  private final SqeEncoder sqes;
  private final int bufferGroup;
  private final int bufferBytes;
  private final int wakeFd;

  /** Linux 6.7; without it a request for many reads once, and is armed again for the next. */
  private final boolean readsMultishot;

  private final ByteBuffer emptyPath = NativeMemory.cString(new byte[0]);
  private final long emptyPathAddress = NativeMemory.address(emptyPath);

  RequestEncoder(SqeEncoder sqes, ReceiveBuffers buffers, WakeUp wakeUp, boolean readsMultishot) {
    this.sqes = sqes;
    bufferGroup = buffers.group();
    bufferBytes = buffers.bufferBytes();
    wakeFd = wakeUp.fd();
    this.readsMultishot = readsMultishot;
  }

  void encode(Operation operation) {
    long userData = operation.userData();
    switch (operation.kind) {
      case REQUEST -> encodeRequest(operation, operation.requireRequest(), userData);
      case CANCEL -> sqes.cancel(operation.argument, userData);
      case CANCEL_FILE -> sqes.cancelFile(operation.fd, userData);
      case CANCEL_ALL -> sqes.cancelAll(userData);
      case WAKE -> sqes.pollMultishot(wakeFd, Posix.POLLIN, userData);
      case HANGUP -> sqes.poll(operation.fd, Posix.POLLRDHUP, userData);
      case ZERO_COPY -> throw new AssertionError(operation + " is with the kernel already");
    }
  }

  private void encodeRequest(Operation operation, IoRequest request, long userData) {
    if (operation.step != Operation.Step.WHOLE) {
      encodeStep(operation, request, userData);
      return;
    }
    switch (request.opcode) {
      case OPEN ->
          sqes.openAt(
              operation.argument, NativePath.openFlags(request.flags), request.length, userData);
      case CONNECT ->
          sqes.connect(operation.fd, operation.argument, operation.argumentBytes, userData);
      case DELAY -> sqes.timeout(operation.scratchAddress, userData);
      case CLOSE -> sqes.close(operation.fd, userData);
      case STAT -> encodeStat(operation, request, userData);
      case RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY ->
          encodeOnPath(operation, request, userData);
      case LISTEN, LOCK, PIPE, OPEN_STANDARD ->
          throw new AssertionError(request.opcode + " is done without the ring");
      default -> {
        if (Objects.requireNonNull(operation.handle).pipe) {
          encodeOnPipe(operation, request, fd(operation), userData);
        } else {
          encodeOnHandle(operation, request, fd(operation), userData);
        }
      }
    }
  }

  private void encodeStep(Operation operation, IoRequest request, long userData) {
    int fd = fd(operation);
    long stream = SqeEncoder.STREAM;
    switch (operation.step) {
      case FILL -> {
        SplicePipe pipe = splicePipe(operation);
        int length = Math.min(request.length, pipe.capacity());
        int file = Objects.requireNonNull(operation.otherHandle).fd;
        sqes.splice(file, request.position, pipe.writeEnd(), stream, length, 0, userData);
      }
      case DRAIN -> {
        SplicePipe pipe = splicePipe(operation);
        int length = Math.min(request.length, pipe.left());
        sqes.splice(pipe.readEnd(), stream, fd, stream, length, 0, userData);
      }
      case MOVE -> {
        int file = Objects.requireNonNull(operation.otherHandle).fd;
        int flags = Posix.SPLICE_F_NONBLOCK;
        if (request.opcode == IoOpcode.SEND_FILE) {
          sqes.splice(file, request.position, fd, stream, request.length, flags, userData);
        } else {
          sqes.splice(fd, stream, file, request.position, request.length, flags, userData);
        }
      }
      case WAIT -> sqes.poll(fd, awaited(request.opcode), userData);
      case WHOLE -> throw new AssertionError(operation + " has no steps");
    }
  }

  private static int awaited(IoOpcode opcode) {
    return switch (opcode) {
      case ACCEPT, RECEIVE, RECEIVE_DATAGRAM, RECEIVE_DESCRIPTORS, RECEIVE_FILE -> Posix.POLLIN;
      default -> Posix.POLLOUT;
    };
  }

  private static boolean shared(Operation operation) {
    return Objects.requireNonNull(operation.handle).shared;
  }

  private static SplicePipe splicePipe(Operation operation) {
    return Objects.requireNonNull(Objects.requireNonNull(operation.handle).splicePipe);
  }

  private void encodeStat(Operation operation, IoRequest request, long userData) {
    UringHandle handle = operation.handle;
    boolean ofLink = (request.flags & IoRequest.STAT_LINK) != 0;
    int fd = handle == null ? Posix.AT_FDCWD : handle.fd;
    int ofPath = ofLink ? Posix.AT_SYMLINK_NOFOLLOW : 0;
    int flags = handle == null ? ofPath : Posix.AT_EMPTY_PATH;
    sqes.statx(fd, operation.otherArgument, flags, operation.argument, userData);
  }

  private void encodeOnPath(Operation operation, IoRequest request, long userData) {
    long path = operation.argument;
    long other = operation.otherArgument;
    switch (request.opcode) {
      case RENAME -> {
        boolean keep = (request.flags & IoRequest.RENAME_KEEP) != 0;
        sqes.renameAt(path, other, keep ? Posix.RENAME_NOREPLACE : 0, userData);
      }
      case LINK -> sqes.linkAt(path, other, userData);
      case SYMLINK -> sqes.symlinkAt(path, other, userData);
      case UNLINK -> {
        boolean directory = (request.flags & IoRequest.UNLINK_DIRECTORY) != 0;
        sqes.unlinkAt(path, directory ? Posix.AT_REMOVEDIR : 0, userData);
      }
      case MAKE_DIRECTORY -> sqes.mkdirAt(path, request.length, userData);
      default -> throw new AssertionError(request.opcode + " has no path");
    }
  }

  private void encodeOnPipe(Operation operation, IoRequest request, int fd, long userData) {
    long stream = SqeEncoder.STREAM;
    switch (request.opcode) {
      case RECEIVE -> {
        // Of the standard streams nobody knows whether they can be polled.
        boolean many = (request.flags & IoRequest.MULTISHOT) != 0;
        boolean multishot = many && readsMultishot && !shared(operation);
        sqes.readProvided(fd, bufferGroup, multishot ? 0 : bufferBytes, multishot, userData);
      }
      case SEND -> sqes.write(fd, stream, operation.argument, request.length, userData);
      case SEND_VECTOR ->
          sqes.writeVector(fd, stream, operation.argument, (int) operation.otherArgument, userData);
      default -> encodeOnHandle(operation, request, fd, userData);
    }
  }

  private static int allocateMode(int flags) {
    if ((flags & IoRequest.ALLOCATE_PUNCH_HOLE) != 0) {
      return Posix.FALLOC_FL_PUNCH_HOLE | Posix.FALLOC_FL_KEEP_SIZE;
    }
    return (flags & IoRequest.ALLOCATE_KEEP_SIZE) != 0 ? Posix.FALLOC_FL_KEEP_SIZE : 0;
  }

  private void encodeOnHandle(Operation operation, IoRequest request, int fd, long userData) {
    long address = operation.argument;
    int length = request.length;
    boolean multishot = (request.flags & IoRequest.MULTISHOT) != 0;
    switch (request.opcode) {
      case READ -> encodeRead(operation, request, fd, userData);
      case WRITE -> encodeWrite(operation, request, fd, userData);
      case READ_VECTOR ->
          sqes.readVector(fd, request.position, address, (int) operation.otherArgument, userData);
      case WRITE_VECTOR ->
          sqes.writeVector(fd, request.position, address, (int) operation.otherArgument, userData);
      case DATA_SYNC -> sqes.fdatasync(fd, userData);
      case SYNC -> sqes.fsync(fd, userData);
      case SYNC_RANGE -> sqes.syncFileRange(fd, request.position, length, userData);
      case ALLOCATE ->
          sqes.fallocate(
              fd, allocateMode(request.flags), request.position, request.count, userData);
      case TRUNCATE -> sqes.ftruncate(fd, request.position, userData);
      case SIZE -> sqes.statxSize(fd, emptyPathAddress, address, userData);
      case ACCEPT -> sqes.accept(fd, multishot, userData);
      case RECEIVE -> encodeReceive(request, fd, multishot, userData);
      case SEND -> {
        if (operation.zeroCopy) {
          sqes.sendZeroCopy(fd, address, length, userData);
        } else {
          sqes.send(fd, address, length, userData);
        }
      }
      case SEND_VECTOR, SEND_DESCRIPTOR -> sqes.sendMessage(fd, address, userData);
      case SEND_DATAGRAM -> encodeDatagram(operation, fd, address, userData);
      case RECEIVE_DATAGRAM -> sqes.receiveMessage(fd, address, bufferGroup, multishot, userData);
      case RECEIVE_DESCRIPTORS -> sqes.receiveDescriptors(fd, address, bufferGroup, userData);
      case SHUTDOWN_OUTPUT -> sqes.shutdown(fd, Posix.SHUT_WR, userData);
      default -> throw new AssertionError(request.opcode + " needs no handle");
    }
  }

  private void encodeRead(Operation operation, IoRequest request, int fd, long userData) {
    long address = operation.argument;
    int slot = operation.memorySlot;
    if (slot == RegisteredMemory.NONE) {
      sqes.read(fd, request.position, address, request.length, userData);
    } else {
      sqes.readRegistered(fd, request.position, address, request.length, slot, userData);
    }
  }

  private void encodeWrite(Operation operation, IoRequest request, int fd, long userData) {
    long address = operation.argument;
    int slot = operation.memorySlot;
    if (slot == RegisteredMemory.NONE) {
      sqes.write(fd, request.position, address, request.length, userData);
    } else {
      sqes.writeRegistered(fd, request.position, address, request.length, slot, userData);
    }
  }

  /**
   * In the Unix domain the ring must not wait: the kernel has consumed the bytes before it finds
   * the receiver full, and what it tries again is an empty datagram (seen on Linux 6.18). Nor could
   * it: a socket that is not connected is always writable.
   */
  private void encodeDatagram(Operation operation, int fd, long message, long userData) {
    if (Objects.requireNonNull(operation.handle).family == Posix.AF_UNIX) {
      sqes.sendMessageNow(fd, message, userData);
    } else {
      sqes.sendMessage(fd, message, userData);
    }
  }

  private void encodeReceive(IoRequest request, int fd, boolean multishot, long userData) {
    if ((request.flags & IoRequest.RECEIVE_PEEK) != 0) {
      sqes.peekProvided(fd, bufferGroup, Math.min(request.length, bufferBytes), userData);
    } else {
      sqes.receiveProvided(fd, bufferGroup, multishot ? 0 : bufferBytes, multishot, userData);
    }
  }

  private static int fd(Operation operation) {
    return Objects.requireNonNull(operation.handle).fd;
  }
}
