package dev.ringlet.scheduler;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A UDP socket. A datagram is tried when it is submitted and waits for room otherwise; input is
 * read when the selector has seen it. Owner executor only.
 */
final class NioDatagramSocket extends NioSocketHandle {
  private static final int WOULD_BLOCK = -Errno.EAGAIN;

  private final DatagramChannel channel;
  private final NioReceiveBuffers buffers;
  private final NioInput input;
  private final NioOperationQueue outputs = new NioOperationQueue();
  private final List<MembershipKey> memberships = new ArrayList<>(0);
  private final SocketAddress localAddress;

  NioDatagramSocket(NioSockets sockets, DatagramChannel channel) throws IOException {
    super(sockets.handles(), sockets.selector(), channel);
    this.channel = channel;
    this.buffers = sockets.buffers();
    this.input = new NioInput(this, buffers, this::receive);
    this.localAddress = channel.getLocalAddress();
  }

  @Override
  InetSocketAddress localAddress() {
    return NioSockets.internet(localAddress, this);
  }

  @Override
  void submit(IoRequest request) {
    switch (request.opcode) {
      case RECEIVE_DATAGRAM -> {
        NioSocketOperation receive = new NioSocketOperation(this, request);
        completions().take(receive);
        input.add(receive);
      }
      case SEND_DATAGRAM -> output(request);
      case JOIN_GROUP, LEAVE_GROUP -> membership(request);
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  private void output(IoRequest request) {
    NioSocketOperation output = new NioSocketOperation(this, request);
    completions().take(output);
    if (!outputs.isEmpty()) {
      outputs.add(output);
      return;
    }
    try {
      int result = send(request);
      if (result == WOULD_BLOCK) {
        outputs.add(output);
        updateInterest();
      } else {
        completions().end(output, result, null);
      }
    } catch (IOException | RuntimeException e) {
      completions().failed(output, e);
    }
  }

  private int send(IoRequest request) throws IOException {
    ByteBuffer data = NioMemory.slice(request);
    SocketAddress to = request.address;
    if (to == null && request.length == 0) {
      throw new UnsupportedOperationException(
          "NIO sends no empty datagrams from connected sockets; leave withRemoteAddress away, or"
              + " use the uring driver");
    }
    int sent = to == null ? channel.write(data) : channel.send(data, to);
    return sent == 0 && request.length > 0 ? WOULD_BLOCK : sent;
  }

  private void membership(IoRequest request) {
    NioOperation operation = new NioOperation(completions(), request);
    completions().take(operation);
    try {
      InetSocketAddress group = (InetSocketAddress) Objects.requireNonNull(request.address);
      NetworkInterface via = NetworkInterface.getByIndex(request.length);
      boolean join = request.opcode == IoOpcode.JOIN_GROUP;
      int result = via == null ? -Errno.ENODEV : join ? join(group, via) : leave(group, via);
      completions().end(operation, result, null);
    } catch (IOException | RuntimeException e) {
      completions().failed(operation, e);
    }
  }

  private int join(InetSocketAddress group, NetworkInterface via) throws IOException {
    MembershipKey key = channel.join(group.getAddress(), via);
    if (memberships.contains(key)) {
      return -Errno.EADDRINUSE;
    }
    memberships.add(key);
    return 0;
  }

  private int leave(InetSocketAddress group, NetworkInterface via) {
    for (MembershipKey key : memberships) {
      if (key.group().equals(group.getAddress()) && key.networkInterface().equals(via)) {
        memberships.remove(key);
        key.drop();
        return 0;
      }
    }
    return -Errno.EADDRNOTAVAIL;
  }

  @Override
  int wantedOps() {
    int read = input.wantedOps();
    return outputs.isEmpty() ? read : read | SelectionKey.OP_WRITE;
  }

  @Override
  void work(CompletionSink sink, int events) {
    if ((events & SelectionKey.OP_WRITE) != 0) {
      workOutputs(sink);
    }
    if ((events & SelectionKey.OP_READ) != 0) {
      input.work(sink);
    }
  }

  private void workOutputs(CompletionSink sink) {
    for (NioOperation output = outputs.peek(); output != null; output = outputs.peek()) {
      if (completions().isBudgetSpent()) {
        selector().ready(this, SelectionKey.OP_WRITE);
        return;
      }
      try {
        int result = send(output.request);
        if (result == WOULD_BLOCK) {
          return;
        }
        outputs.remove(output);
        completions().finish(sink, output, result, null);
      } catch (IOException | RuntimeException e) {
        outputs.remove(output);
        completions().fail(sink, output, e);
      }
    }
  }

  /** One byte more than a datagram may have tells that it was longer. */
  private boolean receive(NioSocketOperation receive, int slot, CompletionSink sink) {
    int room = buffers.bufferBytes() - Datagram.OVERHEAD_BYTES;
    ByteBuffer target = buffers.bytes(slot).limit(room + 1);
    SocketAddress sender;
    try {
      sender = channel.receive(target);
    } catch (IOException | RuntimeException e) {
      buffers.giveBack(slot);
      input.remove(receive);
      completions().fail(sink, receive, e);
      return true;
    }
    if (sender == null) {
      buffers.giveBack(slot);
      return false;
    }
    int received = Math.min(target.position(), room);
    IoBuffer lent = buffers.lend(slot, received);
    Datagram datagram =
        new Datagram((InetSocketAddress) sender, lent, target.position() > received);
    input.received(receive, received, datagram, sink);
    return true;
  }

  @Override
  void cancel(NioOperation operation) {
    if (!input.remove(operation)) {
      outputs.remove(operation);
    }
    completions().cancelled(operation);
    input.afterCancel();
    updateInterest();
  }

  @Override
  void cancelAll() {
    input.cancelAll();
    for (NioOperation each = outputs.peek(); each != null; each = outputs.peek()) {
      cancel(each);
    }
  }

  @Override
  public String toString() {
    return "UDP socket " + localAddress;
  }
}
