package dev.ringlet.uring;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * What the kernel says of a received datagram. A single receive puts the sender into the msghdr and
 * the bytes at the start of the buffer; a multishot one puts a {@code struct io_uring_recvmsg_out}
 * and the sender in front of the bytes, in the buffer, so that one request can have many senders.
 */
final class Datagrams {
  /** What a multishot receive has before the payload. */
  static final int HEADER_BYTES = Structs.RECVMSG_OUT_BYTES + Structs.SOCKADDR_IN6_BYTES;

  static {
    assert HEADER_BYTES == Datagram.OVERHEAD_BYTES;
  }

  private Datagrams() {}

  /**
   * Of a multishot receive.
   *
   * @param buffer the whole of what the kernel has filled
   */
  static Datagram ofMany(IoBuffer buffer) {
    ByteBuffer header = header(buffer);
    boolean truncated = (header.getInt(Structs.RECVMSG_OUT_FLAGS) & Posix.MSG_TRUNC) != 0;
    Datagram datagram =
        new Datagram(SocketAddresses.decode(header, Structs.RECVMSG_OUT_BYTES), buffer, truncated);
    buffer.skip(HEADER_BYTES);
    return datagram;
  }

  private static ByteBuffer header(IoBuffer buffer) {
    return buffer.readable().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Of a single receive. */
  static Datagram ofOne(Operation operation, IoBuffer buffer) {
    Message message = (Message) Objects.requireNonNull(operation.pinned);
    return new Datagram(message.sender(), buffer, message.isTruncated());
  }

  static boolean isMultishot(IoRequest request) {
    return (request.flags & IoRequest.MULTISHOT) != 0;
  }
}
