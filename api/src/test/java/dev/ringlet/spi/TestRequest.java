package dev.ringlet.spi;

import dev.ringlet.io.FilePermissions;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A request of a test, which keeps all that was reported of it. */
final class TestRequest extends IoRequest {
  /** One completion; the number tells the order among all requests of a rig. */
  record Completion(int number, int result, Object payload, boolean more) {}

  final List<Completion> completions = new ArrayList<>();

  /** Runs in the sink, after each completion. */
  Runnable onCompletion = () -> {};

  /** From the submission to the last completion. */
  boolean inFlight;

  private TestRequest(IoOpcode opcode) {
    this.opcode = opcode;
  }

  private TestRequest(IoOpcode opcode, IoHandle handle) {
    this(opcode);
    this.handle = handle;
  }

  static TestRequest open(Path path, int flags) {
    TestRequest request = new TestRequest(IoOpcode.OPEN);
    request.path = path;
    request.flags = flags;
    request.length = FilePermissions.FILE.bits();
    return request;
  }

  static TestRequest read(IoHandle file, long position, IoBuffer buffer) {
    return transfer(IoOpcode.READ, file, position, buffer, 0, buffer.capacity());
  }

  static TestRequest write(IoHandle file, long position, IoBuffer buffer) {
    return transfer(IoOpcode.WRITE, file, position, buffer, 0, buffer.readableBytes());
  }

  static TestRequest send(IoHandle socket, IoBuffer buffer) {
    return transfer(IoOpcode.SEND, socket, 0, buffer, 0, buffer.readableBytes());
  }

  static TestRequest sendAll(IoHandle socket, long position, IoBuffer... buffers) {
    TestRequest request = new TestRequest(IoOpcode.SEND_VECTOR, socket);
    request.position = position;
    request.buffers = buffers;
    return request;
  }

  static TestRequest sendFile(IoHandle socket, IoHandle file, long position, int length) {
    TestRequest request = new TestRequest(IoOpcode.SEND_FILE, socket);
    request.otherHandle = file;
    request.position = position;
    request.length = length;
    return request;
  }

  static TestRequest receiveFile(IoHandle pipe, IoHandle file, long position, int length) {
    TestRequest request = new TestRequest(IoOpcode.RECEIVE_FILE, pipe);
    request.otherHandle = file;
    request.position = position;
    request.length = length;
    return request;
  }

  static TestRequest standard(int descriptor) {
    TestRequest request = new TestRequest(IoOpcode.OPEN_STANDARD);
    request.length = descriptor;
    return request;
  }

  static TestRequest pipe() {
    return new TestRequest(IoOpcode.PIPE);
  }

  static TestRequest transfer(
      IoOpcode opcode, IoHandle handle, long position, IoBuffer buffer, int offset, int length) {
    TestRequest request = new TestRequest(opcode, handle);
    request.position = position;
    request.buffer = buffer;
    request.bufferOffset = offset;
    request.length = length;
    return request;
  }

  static TestRequest dataSync(IoHandle file) {
    return new TestRequest(IoOpcode.DATA_SYNC, file);
  }

  static TestRequest truncate(IoHandle file, long size) {
    TestRequest request = new TestRequest(IoOpcode.TRUNCATE, file);
    request.position = size;
    return request;
  }

  static TestRequest size(IoHandle file) {
    return new TestRequest(IoOpcode.SIZE, file);
  }

  static TestRequest vector(
      IoOpcode opcode, IoHandle file, long position, int offset, int length, IoBuffer... buffers) {
    TestRequest request = new TestRequest(opcode, file);
    request.position = position;
    request.buffers = buffers;
    request.bufferOffset = offset;
    request.length = length;
    return request;
  }

  static TestRequest sync(IoHandle file) {
    return new TestRequest(IoOpcode.SYNC, file);
  }

  static TestRequest syncRange(IoHandle file, long position, int length) {
    TestRequest request = new TestRequest(IoOpcode.SYNC_RANGE, file);
    request.position = position;
    request.length = length;
    return request;
  }

  static TestRequest allocate(IoHandle file, long position, long count, int flags) {
    return range(IoOpcode.ALLOCATE, file, position, count, flags);
  }

  static TestRequest lock(IoHandle file, long position, long count, int flags) {
    return range(IoOpcode.LOCK, file, position, count, flags);
  }

  private static TestRequest range(
      IoOpcode opcode, IoHandle file, long position, long count, int flags) {
    TestRequest request = new TestRequest(opcode, file);
    request.position = position;
    request.count = count;
    request.flags = flags;
    return request;
  }

  static TestRequest stat(IoHandle file) {
    return new TestRequest(IoOpcode.STAT, file);
  }

  static TestRequest stat(Path path, int flags) {
    return onPath(IoOpcode.STAT, path, flags);
  }

  static TestRequest unlink(Path path, int flags) {
    return onPath(IoOpcode.UNLINK, path, flags);
  }

  static TestRequest makeDirectory(Path path, int permissions) {
    TestRequest request = onPath(IoOpcode.MAKE_DIRECTORY, path, 0);
    request.length = permissions;
    return request;
  }

  static TestRequest onTwo(IoOpcode opcode, Path path, Path other, int flags) {
    TestRequest request = onPath(opcode, path, flags);
    request.otherPath = other;
    return request;
  }

  private static TestRequest onPath(IoOpcode opcode, Path path, int flags) {
    TestRequest request = new TestRequest(opcode);
    request.path = path;
    request.flags = flags;
    return request;
  }

  static TestRequest close(IoHandle handle) {
    return new TestRequest(IoOpcode.CLOSE, handle);
  }

  static TestRequest listen(SocketAddress address, int backlog, int flags) {
    TestRequest request = new TestRequest(IoOpcode.LISTEN);
    request.address = address;
    request.length = backlog;
    request.flags = flags;
    return request;
  }

  static TestRequest connect(SocketAddress address) {
    TestRequest request = new TestRequest(IoOpcode.CONNECT);
    request.address = address;
    return request;
  }

  static TestRequest configure(IoHandle socket, SocketOptions options) {
    return new TestRequest(IoOpcode.CONFIGURE, socket).with(options);
  }

  TestRequest with(SocketOptions changed) {
    socketOptions = changed;
    return this;
  }

  TestRequest from(InetSocketAddress local) {
    localAddress = local;
    return this;
  }

  static TestRequest bindDatagram(SocketAddress local, SocketAddress remote) {
    TestRequest request = new TestRequest(IoOpcode.BIND_DATAGRAM);
    request.localAddress = local;
    request.address = remote;
    return request;
  }

  static TestRequest sendDatagram(IoHandle socket, IoBuffer buffer, SocketAddress to) {
    TestRequest request =
        transfer(IoOpcode.SEND_DATAGRAM, socket, 0, buffer, 0, buffer.readableBytes());
    request.address = to;
    return request;
  }

  static TestRequest receiveDatagram(IoHandle socket) {
    return new TestRequest(IoOpcode.RECEIVE_DATAGRAM, socket);
  }

  static TestRequest membership(IoOpcode opcode, IoHandle socket, InetAddress group, int via) {
    TestRequest request = new TestRequest(opcode, socket);
    request.address = new InetSocketAddress(group, 0);
    request.length = via;
    return request;
  }

  static TestRequest accept(IoHandle listener) {
    return new TestRequest(IoOpcode.ACCEPT, listener);
  }

  static TestRequest receive(IoHandle socket) {
    return new TestRequest(IoOpcode.RECEIVE, socket);
  }

  static TestRequest peek(IoHandle socket, int atMost) {
    TestRequest request = receive(socket);
    request.flags = RECEIVE_PEEK;
    request.length = atMost;
    return request;
  }

  static TestRequest sendDescriptor(IoHandle socket, IoBuffer buffer, IoHandle passed) {
    TestRequest request =
        transfer(IoOpcode.SEND_DESCRIPTOR, socket, 0, buffer, 0, buffer.readableBytes());
    request.otherHandle = passed;
    return request;
  }

  static TestRequest receiveDescriptors(IoHandle socket) {
    return new TestRequest(IoOpcode.RECEIVE_DESCRIPTORS, socket);
  }

  static TestRequest shutdownOutput(IoHandle socket) {
    return new TestRequest(IoOpcode.SHUTDOWN_OUTPUT, socket);
  }

  static TestRequest delay(Duration delay) {
    TestRequest request = new TestRequest(IoOpcode.DELAY);
    request.position = delay.toNanos();
    return request;
  }

  static TestRequest reset(IoHandle handle) {
    TestRequest request = close(handle);
    request.flags = CLOSE_RESET;
    return request;
  }

  TestRequest multishot() {
    flags |= MULTISHOT;
    return this;
  }

  TestRequest onCompletion(Runnable action) {
    onCompletion = action;
    return this;
  }

  boolean isFinished() {
    return !inFlight && !completions.isEmpty();
  }

  Completion last() {
    return completions.get(completions.size() - 1);
  }

  @Override
  public String toString() {
    return opcode + (inFlight ? " in flight " : " ") + completions;
  }
}
