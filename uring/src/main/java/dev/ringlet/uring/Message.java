package dev.ringlet.uring;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code struct msghdr} with room for what it points to, and what keeps the memory that it names
 * reachable while the kernel has it. <b>Thread:</b> owner executor.
 */
final class Message {
  /** Pieces of memory in one message; who has more goes on with another one. */
  static final int MAX_PIECES = 64;

  private static final int PIECES = Structs.MSGHDR_BYTES + 8;
  private static final int NAME = PIECES + MAX_PIECES * Structs.IOVEC_BYTES;
  private static final int CONTROL = NAME + Structs.SOCKADDR_STORAGE_BYTES;
  private static final int CONTROL_DATA = CONTROL + Structs.CMSGHDR_BYTES;
  private static final int CONTROL_BYTES =
      Structs.CMSGHDR_BYTES + UnixMessage.MAX_DESCRIPTORS * Integer.BYTES;
  private static final int BYTES = CONTROL + CONTROL_BYTES;

  private final ByteBuffer memory = NativeMemory.allocate(BYTES);
  private final long address = NativeMemory.address(memory);
  private int pieces;

  /** What the pieces are pieces of; it is only to be reachable. */
  @SuppressWarnings("unused")
  private @Nullable Object held;

  /** The next one that nobody uses. */
  @Nullable Message next;

  long address() {
    return address;
  }

  /** Where a name is, or can be put. */
  long nameAddress() {
    return address + NAME;
  }

  /** Where the pieces stand, as {@code struct iovec}. */
  long piecesAddress() {
    return address + PIECES;
  }

  int pieces() {
    return pieces;
  }

  /** Writes a name; returns its size. */
  int name(SocketAddress name) {
    return SocketAddresses.encode(memory, NAME, name);
  }

  /** The readable bytes of buffers, without the first {@code skip}; as many pieces as fit. */
  void gather(IoBuffer[] buffers, long skip) {
    held = buffers;
    long left = skip;
    for (int i = 0; i < buffers.length && pieces < MAX_PIECES; i++) {
      IoBuffer buffer = buffers[i];
      int readable = buffer.readableBytes();
      if (readable > left) {
        int first = (int) left;
        add(buffer.address() + buffer.readerIndex() + first, readable - first);
      }
      left -= Math.min(left, readable);
    }
  }

  /** A datagram of a piece of a buffer, to an address or where the socket is connected to. */
  void datagram(IoBuffer buffer, int offset, int length, @Nullable SocketAddress to, int family) {
    held = buffer.memory();
    add(buffer.address() + offset, length);
    if (to instanceof InetSocketAddress internet) {
      int port = internet.getPort();
      InetAddress host = internet.getAddress();
      memory.putLong(Structs.MSGHDR_NAME, nameAddress());
      memory.putInt(
          Structs.MSGHDR_NAMELEN, SocketAddresses.encode(memory, NAME, family, host, port));
    } else if (to != null) {
      memory.putLong(Structs.MSGHDR_NAME, nameAddress());
      memory.putInt(Structs.MSGHDR_NAMELEN, name(to));
    }
  }

  /**
   * To receive datagrams in buffers that the kernel chooses: room for a sender's address here, or
   * with {@code multishot} in the buffer itself.
   */
  void receive(int family, int length, boolean multishot) {
    memory.putInt(Structs.MSGHDR_NAMELEN, Datagrams.nameBytes(family));
    if (!multishot) {
      memory.putLong(Structs.MSGHDR_NAME, nameAddress());
      add(0, length);
    }
  }

  /** A piece of a buffer, and a descriptor with its first byte. */
  void pass(IoBuffer buffer, int offset, int length, int fd) {
    held = buffer.memory();
    add(buffer.address() + offset, length);
    int controlBytes = Structs.CMSGHDR_BYTES + Integer.BYTES;
    memory.putLong(CONTROL + Structs.CMSGHDR_LEN, controlBytes);
    memory.putInt(CONTROL + Structs.CMSGHDR_LEVEL, Posix.SOL_SOCKET);
    memory.putInt(CONTROL + Structs.CMSGHDR_TYPE, Posix.SCM_RIGHTS);
    memory.putInt(CONTROL_DATA, fd);
    memory.putLong(Structs.MSGHDR_CONTROL, address + CONTROL);
    memory.putLong(Structs.MSGHDR_CONTROLLEN, controlBytes);
  }

  /** To receive into a buffer that the kernel chooses, with descriptors. */
  void receiveDescriptors(int length) {
    add(0, length);
    memory.putLong(Structs.MSGHDR_CONTROL, address + CONTROL);
    memory.putLong(Structs.MSGHDR_CONTROLLEN, CONTROL_BYTES);
  }

  /**
   * The descriptors that have come, which are open now. The kernel gives all in one control
   * message, and no other kind of them to a socket that has not asked for it.
   */
  List<PassedFd> descriptors() {
    long controlBytes = memory.getLong(Structs.MSGHDR_CONTROLLEN);
    boolean any =
        controlBytes > Structs.CMSGHDR_BYTES
            && memory.getInt(CONTROL + Structs.CMSGHDR_LEVEL) == Posix.SOL_SOCKET
            && memory.getInt(CONTROL + Structs.CMSGHDR_TYPE) == Posix.SCM_RIGHTS;
    if (!any) {
      return List.of();
    }
    long bytes = memory.getLong(CONTROL + Structs.CMSGHDR_LEN) - Structs.CMSGHDR_BYTES;
    List<PassedFd> descriptors = new ArrayList<>(1);
    for (int at = 0; at < bytes; at += Integer.BYTES) {
      descriptors.add(new PassedFd(memory.getInt(CONTROL_DATA + at)));
    }
    return descriptors;
  }

  /** Whether there were more descriptors than have come. */
  boolean lacksDescriptors() {
    return (memory.getInt(Structs.MSGHDR_FLAGS) & Posix.MSG_CTRUNC) != 0;
  }

  /** Who has sent what was received. */
  InetSocketAddress sender() {
    return SocketAddresses.decode(memory, NAME);
  }

  /** The same in the Unix domain; null if it is bound to nothing that can be told. */
  @Nullable UnixAddress unixSender() {
    return SocketAddresses.decodeUnix(memory, NAME, memory.getInt(Structs.MSGHDR_NAMELEN));
  }

  /** Whether what was received is not all. */
  boolean isTruncated() {
    return (memory.getInt(Structs.MSGHDR_FLAGS) & Posix.MSG_TRUNC) != 0;
  }

  private void add(long pieceAddress, int length) {
    int at = PIECES + pieces * Structs.IOVEC_BYTES;
    memory.putLong(at + Structs.IOVEC_BASE, pieceAddress);
    memory.putLong(at + Structs.IOVEC_LEN, length);
    pieces++;
    memory.putLong(Structs.MSGHDR_IOV, address + PIECES);
    memory.putLong(Structs.MSGHDR_IOVLEN, pieces);
  }

  /** As new. */
  void clear() {
    held = null;
    pieces = 0;
    for (int at = 0; at < Structs.MSGHDR_BYTES; at += Long.BYTES) {
      memory.putLong(at, 0);
    }
  }
}
