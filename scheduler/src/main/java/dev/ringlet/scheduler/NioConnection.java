package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection, also while it is being made. Output is tried when it is submitted and waits for
 * room otherwise, in order; input is read when the selector has seen it. Owner executor only.
 */
final class NioConnection extends NioSocketHandle {
  private static final int WOULD_BLOCK = -Errno.EAGAIN;

  private final SocketChannel channel;
  private final NioHandles handles;
  private final NioReceiveBuffers buffers;
  private final NioInput input;
  private final NioOperationQueue outputs = new NioOperationQueue();
  private @Nullable NioSocketOperation connect;
  private @Nullable SocketAddress localAddress;
  private @Nullable SocketAddress remoteAddress;

  private boolean outputEnded;

  NioConnection(NioSockets sockets, SocketChannel channel) throws IOException {
    super(sockets.handles(), sockets.selector(), channel);
    this.channel = channel;
    this.handles = sockets.handles();
    this.buffers = sockets.buffers();
    this.input = new NioInput(this, buffers, this::receive);
  }

  /** Starts to connect. */
  void connect(IoRequest request, SocketAddress address) {
    NioSocketOperation operation = new NioSocketOperation(this, request);
    completions().take(operation);
    handles.opened(this);
    connect = operation;
    try {
      if (channel.connect(address)) {
        established();
        connect = null;
        completions().end(operation, 0, this);
      } else if (address instanceof UnixDomainSocketAddress) {
        // Nothing is under way: the kernel would have the caller try again later.
        connect = null;
        closeAtEnd();
        completions().end(operation, -Errno.EAGAIN, null);
      } else {
        updateInterest();
      }
    } catch (IOException | RuntimeException e) {
      connect = null;
      closeAtEnd();
      completions().failed(operation, e);
    }
  }

  /** The channel is connected. */
  void established() throws IOException {
    localAddress = channel.getLocalAddress();
    remoteAddress = channel.getRemoteAddress();
  }

  @Override
  void beforeReset() throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  /** Leaves the selector and this driver; the channel stays open. */
  SocketChannel detach() {
    if (isClosing() || connect != null || !outputs.isEmpty() || !input.isEmpty()) {
      throw new IllegalStateException(this + ": requests are in flight, or it is closed");
    }
    leave();
    return channel;
  }

  @Override
  InetSocketAddress localAddress() {
    return NioSockets.internet(Objects.requireNonNull(localAddress, "not connected"), this);
  }

  InetSocketAddress remoteAddress() {
    return NioSockets.internet(Objects.requireNonNull(remoteAddress, "not connected"), this);
  }

  @Override
  void submit(IoRequest request) {
    switch (request.opcode) {
      case RECEIVE -> {
        NioSocketOperation receive = new NioSocketOperation(this, request);
        completions().take(receive);
        input.add(receive);
      }
      case SEND, SEND_VECTOR, SHUTDOWN_OUTPUT -> output(request);
      case CONFIGURE -> configure(request);
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  private void configure(IoRequest request) {
    NioOperation configure = new NioOperation(completions(), request);
    completions().take(configure);
    try {
      NioOptions.apply(channel, request.socketOptions);
      completions().end(configure, 0, null);
    } catch (IOException | RuntimeException e) {
      completions().failed(configure, e);
    }
  }

  /** What an option is set to, as {@link SocketOptions.Option} says; for tests. */
  int option(SocketOptions.Option option) throws IOException {
    return NioOptions.get(channel, option);
  }

  private void output(IoRequest request) {
    NioSocketOperation output = new NioSocketOperation(this, request);
    completions().take(output);
    if (!outputs.isEmpty()) {
      outputs.add(output);
      return;
    }
    try {
      int result = perform(output);
      if (result == WOULD_BLOCK) {
        outputs.add(output);
        updateInterest();
      } else {
        completions().end(output, result, null);
      }
    } catch (IOException e) {
      completions().failed(output, e);
    }
  }

  private int perform(NioOperation output) throws IOException {
    IoRequest request = output.request;
    if (request.opcode != IoOpcode.SHUTDOWN_OUTPUT) {
      return outputEnded ? -Errno.EPIPE : send(request);
    }
    if (!outputEnded) {
      channel.shutdownOutput();
      outputEnded = true;
    }
    return 0;
  }

  private int send(IoRequest request) throws IOException {
    if (request.opcode == IoOpcode.SEND_VECTOR) {
      return sendAll(NioMemory.slices(request));
    }
    if (request.length == 0) {
      return 0;
    }
    int sent = channel.write(NioMemory.slice(request));
    return sent == 0 ? WOULD_BLOCK : sent;
  }

  private int sendAll(ByteBuffer[] slices) throws IOException {
    long sent = channel.write(slices);
    return sent == 0 && anyRemaining(slices) ? WOULD_BLOCK : (int) sent;
  }

  private static boolean anyRemaining(ByteBuffer[] slices) {
    for (ByteBuffer slice : slices) {
      if (slice.hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  @Override
  int wantedOps() {
    if (connect != null) {
      return SelectionKey.OP_CONNECT;
    }
    int read = input.wantedOps();
    return outputs.isEmpty() ? read : read | SelectionKey.OP_WRITE;
  }

  @Override
  void work(CompletionSink sink, int events) {
    if ((events & SelectionKey.OP_CONNECT) != 0) {
      finishConnect(sink);
    }
    if ((events & SelectionKey.OP_WRITE) != 0) {
      workOutputs(sink);
    }
    if ((events & SelectionKey.OP_READ) != 0) {
      input.work(sink);
    }
  }

  private void finishConnect(CompletionSink sink) {
    NioSocketOperation operation = connect;
    if (operation == null) {
      return;
    }
    try {
      if (channel.finishConnect()) {
        connect = null;
        established();
        completions().finish(sink, operation, 0, this);
      }
    } catch (IOException e) {
      connect = null;
      closeAtEnd();
      completions().fail(sink, operation, e);
    }
  }

  private void workOutputs(CompletionSink sink) {
    for (NioOperation output = outputs.peek(); output != null; output = outputs.peek()) {
      if (completions().isBudgetSpent()) {
        selector().ready(this, SelectionKey.OP_WRITE);
        return;
      }
      try {
        int result = perform(output);
        if (result == WOULD_BLOCK) {
          return;
        }
        outputs.remove(output);
        completions().finish(sink, output, result, null);
      } catch (IOException e) {
        outputs.remove(output);
        completions().fail(sink, output, e);
      }
    }
  }

  /** Returns true if there may be more to receive at once. */
  private boolean receive(NioSocketOperation receive, int slot, CompletionSink sink) {
    int received;
    try {
      ByteBuffer target = buffers.bytes(slot);
      received = channel.read(target);
    } catch (IOException e) {
      buffers.giveBack(slot);
      input.remove(receive);
      completions().fail(sink, receive, e);
      return true;
    }
    if (received > 0) {
      IoBuffer lent = buffers.lend(slot, received);
      input.received(receive, received, lent, sink);
      return received == lent.capacity();
    }
    buffers.giveBack(slot);
    if (received < 0) {
      input.remove(receive);
      completions().finish(sink, receive, 0, null);
    }
    return received < 0;
  }

  @Override
  void cancel(NioOperation operation) {
    if (operation == connect) {
      connect = null;
      closeAtEnd();
    } else if (!input.remove(operation)) {
      outputs.remove(operation);
    }
    completions().cancelled(operation);
    input.afterCancel();
    updateInterest();
  }

  @Override
  void cancelAll() {
    if (connect != null) {
      cancel(connect);
    }
    input.cancelAll();
    for (NioOperation each = outputs.peek(); each != null; each = outputs.peek()) {
      cancel(each);
    }
  }

  @Override
  public String toString() {
    return "connection " + localAddress + " to " + remoteAddress;
  }
}
