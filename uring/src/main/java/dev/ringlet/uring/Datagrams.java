package dev.ringlet.uring;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixDatagram;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of a received datagram. A single receive puts the sender into the msghdr and
 * the bytes at the start of the buffer; a multishot one puts a {@code struct io_uring_recvmsg_out}
 * and the sender in front of the bytes, in the buffer, so that one request can have many senders.
 */
final class Datagrams {
  static {
    assert headerBytes(Posix.AF_INET6) == Datagram.OVERHEAD_BYTES;
    assert headerBytes(Posix.AF_UNIX) == UnixDatagram.OVERHEAD_BYTES;
  }

  private Datagrams() {}

  /** What a multishot receive of a socket has before the payload. */
  static int headerBytes(int family) {
    return Structs.RECVMSG_OUT_BYTES + nameBytes(family);
  }

  /** The room for a sender's address. */
  static int nameBytes(int family) {
    return family == Posix.AF_UNIX ? Structs.SOCKADDR_UN_BYTES : Structs.SOCKADDR_IN6_BYTES;
  }

  /**
   * What an operation has received: a {@link Datagram} or a {@link UnixDatagram}.
   *
   * @param buffer the whole of what the kernel has filled
   */
  static Object of(Operation operation, IoBuffer buffer) {
    int family = Objects.requireNonNull(operation.handle).family;
    boolean many = isMultishot(operation.requireRequest()) && buffer.readableBytes() > 0;
    return many ? ofMany(family, buffer) : ofOne(family, operation, buffer);
  }

  /** How many bytes a datagram has; of anything else what the kernel says. */
  static int bytes(@Nullable Object payload, int kernelResult) {
    if (payload instanceof Datagram datagram) {
      return datagram.data().readableBytes();
    }
    return payload instanceof UnixDatagram datagram
        ? datagram.data().readableBytes()
        : kernelResult;
  }

  private static Object ofMany(int family, IoBuffer buffer) {
    ByteBuffer header = buffer.readable().order(ByteOrder.LITTLE_ENDIAN);
    boolean truncated = (header.getInt(Structs.RECVMSG_OUT_FLAGS) & Posix.MSG_TRUNC) != 0;
    int name = Structs.RECVMSG_OUT_BYTES;
    int nameBytes = header.getInt(Structs.RECVMSG_OUT_NAMELEN);
    buffer.skip(headerBytes(family));
    return family == Posix.AF_UNIX
        ? new UnixDatagram(SocketAddresses.decodeUnix(header, name, nameBytes), buffer, truncated)
        : new Datagram(SocketAddresses.decode(header, name), buffer, truncated);
  }

  private static Object ofOne(int family, Operation operation, IoBuffer buffer) {
    Message message = (Message) Objects.requireNonNull(operation.pinned);
    return family == Posix.AF_UNIX
        ? new UnixDatagram(message.unixSender(), buffer, message.isTruncated())
        : new Datagram(message.sender(), buffer, message.isTruncated());
  }

  static boolean isMultishot(IoRequest request) {
    return (request.flags & IoRequest.MULTISHOT) != 0;
  }
}
