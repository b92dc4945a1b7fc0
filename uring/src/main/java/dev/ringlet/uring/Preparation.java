package dev.ringlet.uring;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.PipeEnds;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gets a request ready: native copies of its arguments, sockets, the things that need no ring.
 * <b>Thread:</b> owner executor.
 */
final class Preparation {
  private static final System.Logger LOG = System.getLogger(Preparation.class.getName());
  private static final SocketOptions RESET = SocketOptions.defaults().withResetOnClose(true);

  private final Object driver;
  private final HandleList handles;
  private final RegisteredMemory memory;
  private final Sockets sockets = new Sockets();
  private final Messages messages = new Messages();
  private final Splices splices;
  private final boolean ringTruncates;
  private final boolean zeroCopies;

  /** The size of a receive buffer. */
  private final int receiveBytes;

  Preparation(
      Object driver,
      HandleList handles,
      RegisteredMemory memory,
      Splices splices,
      Capabilities capabilities,
      int receiveBytes) {
    this.driver = driver;
    this.handles = handles;
    this.memory = memory;
    this.splices = splices;
    this.ringTruncates = capabilities.supports(Abi.IORING_OP_FTRUNCATE);
    this.zeroCopies = capabilities.supports(Abi.IORING_OP_SEND_ZC);
    this.receiveBytes = receiveBytes;
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
      case LISTEN, CONNECT, BIND_DATAGRAM -> SocketAddresses.check(request);
      case JOIN_GROUP, LEAVE_GROUP -> Objects.requireNonNull(request.address, "address");
      case READ, WRITE, SEND -> address(request);
      case SEND_DATAGRAM -> {
        address(request);
        SocketAddresses.checkLength(request.address);
      }
      case OPEN_STANDARD -> Objects.checkIndex(request.length, Posix.STDERR_FILENO + 1);
      case SEND_VECTOR -> checkBuffers(request);
      case SEND_DESCRIPTOR -> {
        address(request);
        checkPassed(request.otherHandle);
      }
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
      case READ, WRITE -> transferOfFile(operation, request);
      case SEND -> send(operation, request);
      case SEND_VECTOR -> gather(operation, request);
      case SEND_FILE, RECEIVE_FILE -> splices.prepare(operation, request);
      case PIPE -> pipe(operation);
      case OPEN_STANDARD -> openStandard(operation, request);
      case SEND_DESCRIPTOR -> sendDescriptor(operation, request);
      case RECEIVE_DESCRIPTORS -> receiveDescriptors(operation);
      case SIZE -> size(operation);
      case LISTEN -> listen(operation, request, Objects.requireNonNull(request.address));
      case CONNECT -> connect(operation, request, Objects.requireNonNull(request.address));
      case CONFIGURE -> configure(operation, request);
      case BIND_DATAGRAM -> bindDatagram(operation, request);
      case SEND_DATAGRAM -> sendDatagram(operation, request);
      case RECEIVE_DATAGRAM -> receiveDatagram(operation, request);
      case JOIN_GROUP -> membership(operation, request, Posix.MCAST_JOIN_GROUP);
      case LEAVE_GROUP -> membership(operation, request, Posix.MCAST_LEAVE_GROUP);
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

  private boolean transferOfFile(Operation operation, IoRequest request) {
    operation.memorySlot = memory.slotOf(Objects.requireNonNull(request.buffer).memory());
    return transfer(operation, request);
  }

  private boolean send(Operation operation, IoRequest request) {
    transfer(operation, request);
    if (zeroCopies && (request.flags & IoRequest.SEND_ZERO_COPY) != 0) {
      operation.zeroCopy = true;
      operation.pinned = Objects.requireNonNull(request.buffer).retain();
    }
    return true;
  }

  private boolean gather(Operation operation, IoRequest request) {
    Message message = take(operation);
    message.gather(request.buffers, request.position);
    if (Objects.requireNonNull(operation.handle).pipe) {
      operation.argument = message.piecesAddress();
      operation.otherArgument = message.pieces();
    }
    return true;
  }

  private boolean pipe(Operation operation) {
    operation.result = Libc.pipe2(operation.scratchAddress, Posix.O_CLOEXEC);
    if (operation.result == 0) {
      int at = operation.scratchOffset;
      UringHandle readEnd = newPipeEnd(operation.scratch.getInt(at));
      UringHandle writeEnd = newPipeEnd(operation.scratch.getInt(at + Integer.BYTES));
      operation.payload = new PipeEnds(readEnd, writeEnd);
    }
    return false;
  }

  /** A descriptor of its own for the open file, so that a close leaves the process's open. */
  private boolean openStandard(Operation operation, IoRequest request) {
    int above = Posix.STDERR_FILENO + 1;
    int fd = Libc.fcntl(request.length, Posix.F_DUPFD_CLOEXEC, above);
    operation.result = Math.min(fd, 0);
    if (fd >= 0) {
      UringHandle handle = newPipeEnd(fd);
      handle.shared = true;
      operation.payload = handle;
    }
    return false;
  }

  private UringHandle newPipeEnd(int fd) {
    UringHandle end = newHandle(fd, false);
    end.pipe = true;
    end.hangupWatched = true; // only sockets forget about it
    return end;
  }

  private void checkPassed(@Nullable IoHandle passed) {
    if (!(passed instanceof UringHandle handle) || handle.driver != driver) {
      throw new IllegalArgumentException("otherHandle: " + passed + "; give one of this driver");
    }
  }

  /**
   * The kernel looks the number up when it sends, which may be long after the handle was closed and
   * its number given to something else: so the operation has one of its own.
   */
  private boolean sendDescriptor(Operation operation, IoRequest request) {
    UringHandle passed = (UringHandle) Objects.requireNonNull(request.otherHandle);
    boolean open = passed.life == UringHandle.Life.OPEN;
    int fd = open ? Libc.fcntl(passed.fd, Posix.F_DUPFD_CLOEXEC, 0) : -Errno.EBADF;
    if (fd < 0) {
      operation.result = fd;
      return false;
    }
    operation.ownFd = fd;
    share(passed);
    IoBuffer buffer = Objects.requireNonNull(request.buffer);
    take(operation).pass(buffer, request.bufferOffset, request.length, fd);
    return true;
  }

  /** From now on others have what it stands for; a file is theirs as any file is everybody's. */
  private void share(UringHandle passed) {
    if (passed.socket || passed.pipe) {
      passed.shared = true;
      splices.liftSendTime(passed);
    }
  }

  private boolean receiveDescriptors(Operation operation) {
    take(operation).receiveDescriptors(receiveBytes);
    return true;
  }

  /** Takes a descriptor that was received. */
  UringHandle attach(PassedFd passed, boolean connection) {
    synchronized (passed) { // what was looked at is what is taken
      sockets.check(passed, connection);
      boolean direct = !connection && passed.isDirect();
      UringHandle handle = newHandle(passed.take(), connection);
      handle.direct = direct;
      handle.shared = connection;
      return handle;
    }
  }

  private boolean bindDatagram(Operation operation, IoRequest request) {
    int fd = sockets.datagrams(request);
    operation.result = Math.min(fd, 0);
    if (fd >= 0) {
      UringHandle handle = newHandle(fd, true);
      handle.family = SocketAddresses.family(Objects.requireNonNull(request.localAddress));
      operation.payload = handle;
    }
    return false;
  }

  private boolean sendDatagram(Operation operation, IoRequest request) {
    if (request.address != null && !isResolved(operation, request.address)) {
      return false;
    }
    int family = Objects.requireNonNull(operation.handle).family;
    IoBuffer buffer = Objects.requireNonNull(request.buffer);
    take(operation).datagram(buffer, request.bufferOffset, request.length, request.address, family);
    return true;
  }

  private boolean receiveDatagram(Operation operation, IoRequest request) {
    int family = Objects.requireNonNull(operation.handle).family;
    int room = receiveBytes - Datagrams.headerBytes(family);
    take(operation).receive(family, room, Datagrams.isMultishot(request));
    return true;
  }

  private boolean membership(Operation operation, IoRequest request, int option) {
    int fd = Objects.requireNonNull(operation.handle).fd;
    InetSocketAddress group = (InetSocketAddress) Objects.requireNonNull(request.address);
    operation.result = sockets.membership(fd, option, group, request.length);
    return false;
  }

  /** A message for the operation, which has it until its last completion. */
  private Message take(Operation operation) {
    Message message = messages.take();
    operation.pinned = message;
    operation.argument = message.address();
    return message;
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
    return requireNative(buffer) + request.bufferOffset;
  }

  private static void checkBuffers(IoRequest request) {
    long readable = 0;
    for (IoBuffer buffer : request.buffers) {
      requireNative(buffer);
      readable += buffer.readableBytes();
    }
    if (request.position < 0 || request.position > readable) {
      throw new IndexOutOfBoundsException(
          "position: " + request.position + "; the buffers have " + readable + " bytes");
    }
  }

  /** Its address; it is not released. */
  private static long requireNative(IoBuffer buffer) {
    long address = buffer.address();
    if (address == 0) {
      throw new IllegalArgumentException(
          "buffer: " + buffer + "; its memory was not allocated by this kind of driver");
    }
    return address;
  }

  private boolean listen(Operation operation, IoRequest request, SocketAddress address) {
    if (!isResolved(operation, address)) {
      return false;
    }
    int fd = sockets.listener(address, request.length, request.flags, request.socketOptions);
    operation.result = Math.min(fd, 0);
    if (fd >= 0) {
      UringHandle listener = newHandle(fd, true);
      if (!(address instanceof InetSocketAddress)) {
        listener.optionsOfAccepted = request.socketOptions;
      }
      operation.payload = listener;
    }
    return false;
  }

  /**
   * The handle of a connection. The kernel makes that of a Unix domain socket with its own defaults
   * for buffers, which are set here; it has no reason to refuse that.
   */
  UringHandle accepted(UringHandle listener, int fd) {
    SocketOptions options = listener.optionsOfAccepted;
    if (options != null) {
      int result = sockets.configure(fd, options);
      assert result == 0 : listener + ": options of a connection gave " + result;
    }
    return newHandle(fd, true);
  }

  private boolean configure(Operation operation, IoRequest request) {
    int fd = Objects.requireNonNull(operation.handle).fd;
    operation.result = sockets.configure(fd, request.socketOptions);
    return false;
  }

  private boolean connect(Operation operation, IoRequest request, SocketAddress address) {
    if (!isResolved(operation, address)) {
      return false;
    }
    int family = SocketAddresses.family(address);
    InetSocketAddress local = (InetSocketAddress) request.localAddress;
    int fd = sockets.connection(family, request.socketOptions, local);
    if (fd < 0) {
      operation.result = fd;
      return false;
    }
    operation.fd = fd;
    if (family == Posix.AF_UNIX) {
      Message message = messages.take();
      operation.pinned = message;
      operation.argument = message.nameAddress();
      operation.argumentBytes = message.name(address);
    } else {
      operation.argument = operation.scratchAddress;
      operation.argumentBytes =
          SocketAddresses.encode(operation.scratch, operation.scratchOffset, address);
    }
    return true;
  }

  private static boolean isResolved(Operation operation, SocketAddress address) {
    boolean unresolved = address instanceof InetSocketAddress internet && internet.isUnresolved();
    if (unresolved) {
      operation.result = -Errno.EHOSTUNREACH;
      operation.payload = new UnknownHostException(address + " is not resolved");
    }
    return !unresolved;
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

  /**
   * Has the close of a connection reset it. The kernel has no reason to refuse that to a socket;
   * should it, the close is a regular one.
   */
  void resetOnClose(UringHandle connection) {
    int result = sockets.configure(connection.fd, RESET);
    assert result == 0 : connection + ": lingering for nothing gave " + result;
  }

  /** The kernel is done with what the operation gave it. */
  void giveBack(Operation operation) {
    if (operation.ownFd >= 0) {
      Libc.close(operation.ownFd);
      operation.ownFd = -1;
    }
    if (operation.pinned instanceof Message message) {
      operation.pinned = null;
      messages.giveBack(message);
    } else if (operation.pinned instanceof IoBuffer buffer) {
      operation.pinned = null;
      release(buffer);
    }
    splices.giveBack(operation);
  }

  /** Who releases a buffer more often than he may takes it from the kernel, and has to know. */
  private static void release(IoBuffer buffer) {
    try {
      buffer.release();
    } catch (IllegalStateException twice) {
      LOG.log(
          System.Logger.Level.ERROR,
          "a buffer was released while it was sent without a copy: others may have got its bytes",
          twice);
    }
  }

  Splices splices() {
    return splices;
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
