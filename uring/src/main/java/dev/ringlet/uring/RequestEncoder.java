package dev.ringlet.uring;

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
  private final ByteBuffer emptyPath = NativeMemory.cString(new byte[0]);
  private final long emptyPathAddress = NativeMemory.address(emptyPath);

  RequestEncoder(SqeEncoder sqes, ReceiveBuffers buffers, WakeUp wakeUp) {
    this.sqes = sqes;
    bufferGroup = buffers.group();
    bufferBytes = buffers.bufferBytes();
    wakeFd = wakeUp.fd();
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
    }
  }

  private void encodeRequest(Operation operation, IoRequest request, long userData) {
    switch (request.opcode) {
      case OPEN ->
          sqes.openAt(
              operation.argument,
              NativePath.openFlags(request.flags),
              NativePath.CREATE_MODE,
              userData);
      case CONNECT ->
          sqes.connect(operation.fd, operation.argument, operation.argumentBytes, userData);
      case DELAY -> sqes.timeout(operation.scratchAddress, userData);
      case CLOSE -> sqes.close(operation.fd, userData);
      case LISTEN -> throw new AssertionError("LISTEN is done without the ring");
      default -> encodeOnHandle(operation, request, fd(operation), userData);
    }
  }

  private void encodeOnHandle(Operation operation, IoRequest request, int fd, long userData) {
    long address = operation.argument;
    int length = request.length;
    boolean multishot = (request.flags & IoRequest.MULTISHOT) != 0;
    switch (request.opcode) {
      case READ -> sqes.read(fd, request.position, address, length, userData);
      case WRITE -> sqes.write(fd, request.position, address, length, userData);
      case DATA_SYNC -> sqes.fdatasync(fd, userData);
      case TRUNCATE -> sqes.ftruncate(fd, request.position, userData);
      case SIZE -> sqes.statxSize(fd, emptyPathAddress, address, userData);
      case ACCEPT -> sqes.accept(fd, multishot, userData);
      case RECEIVE -> {
        int limit = multishot ? 0 : bufferBytes;
        sqes.receiveProvided(fd, bufferGroup, limit, multishot, userData);
      }
      case SEND -> sqes.send(fd, address, length, userData);
      case SEND_VECTOR, SEND_DATAGRAM -> sqes.sendMessage(fd, address, userData);
      case RECEIVE_DATAGRAM -> sqes.receiveMessage(fd, address, bufferGroup, multishot, userData);
      case SHUTDOWN_OUTPUT -> sqes.shutdown(fd, Posix.SHUT_WR, userData);
      default -> throw new AssertionError(request.opcode + " needs no handle");
    }
  }

  private static int fd(Operation operation) {
    return Objects.requireNonNull(operation.handle).fd;
  }
}
