package dev.ringlet.testkit.sim;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A socket that receives datagrams, each of them whole. The simulation's thread. */
abstract class SimDatagramSocket extends SimHandle implements SimInput.Source {
  private final SimInput input;
  private final ArrayDeque<Packet> packets = new ArrayDeque<>();
  private long packetBytes;
  private int error;

  /** One that waits to be received. */
  private static final class Packet {
    private final @Nullable SocketAddress sender;
    private final byte[] bytes;

    private Packet(@Nullable SocketAddress sender, byte[] bytes) {
      this.sender = sender;
      this.bytes = bytes;
    }
  }

  SimDatagramSocket(SimDriver driver) {
    super(driver);
    input = new SimInput(driver, this);
  }

  /** What a receive gives of a datagram. */
  abstract Object payload(@Nullable SocketAddress sender, IoBuffer data, boolean truncated);

  /** The bytes of a receive buffer that a datagram cannot use. */
  abstract int overheadBytes();

  /** SEND_DATAGRAM: the result. */
  abstract int send(SimOperation send, byte[] bytes);

  /** JOIN_GROUP and LEAVE_GROUP: the result. */
  abstract int changeMembership(SimOperation operation);

  final int waitingPackets() {
    return packets.size();
  }

  final long waitingBytes() {
    return packetBytes;
  }

  /** A datagram has come. */
  final void arrived(@Nullable SocketAddress sender, byte[] bytes) {
    packets.add(new Packet(sender, bytes));
    packetBytes += bytes.length;
    input.work();
  }

  /** The next operation is told. */
  final void failed(int errno) {
    error = errno;
    input.work();
  }

  @Override
  final void execute(SimOperation operation) {
    switch (operation.request.opcode) {
      case RECEIVE_DATAGRAM -> input.add(operation);
      case SEND_DATAGRAM -> operation.end(send(operation));
      case JOIN_GROUP, LEAVE_GROUP -> operation.end(changeMembership(operation));
      default -> operation.fail(Errno.EOPNOTSUPP);
    }
  }

  private int send(SimOperation send) {
    if (error != 0) {
      return takeError();
    }
    byte[] bytes = new byte[send.request.length];
    send.memory()[0].get(0, bytes);
    return send(send, bytes);
  }

  private int takeError() {
    int told = error;
    error = 0;
    return -told;
  }

  @Override
  public final boolean isReadable() {
    return error != 0 || !packets.isEmpty();
  }

  @Override
  public final boolean needsBuffer(SimOperation receive) {
    return error == 0;
  }

  @Override
  public final void deliver(SimOperation receive, @Nullable IoBuffer buffer) {
    if (buffer == null) {
      input.end(receive, takeError(), null);
      return;
    }
    Packet packet = Objects.requireNonNull(packets.poll());
    packetBytes -= packet.bytes.length;
    int count = Math.min(packet.bytes.length, buffer.capacity() - overheadBytes());
    buffer.write(packet.bytes, 0, count);
    boolean truncated = count < packet.bytes.length;
    input.received(receive, count, payload(packet.sender, buffer, truncated));
  }
}
