package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection, also while it is being made. Output is tried when it is submitted and waits for
 * room otherwise, in order; input is read when the selector has seen it. Owner executor only.
 */
final class NioConnection extends NioSocketHandle {
  private final SocketChannel channel;
  private final NioHandles handles;
  private final NioInput input;
  private final NioOutput output;
  private @Nullable NioSocketOperation connect;
  private @Nullable SocketAddress localAddress;
  private @Nullable SocketAddress remoteAddress;

  NioConnection(NioSockets sockets, SocketChannel channel) throws IOException {
    super(sockets.handles(), sockets.selector(), channel);
    this.channel = channel;
    this.handles = sockets.handles();
    this.input = new NioInput(this, sockets.buffers(), channel);
    this.output = new NioOutput(this, channel, channel::shutdownOutput);
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
  NioDetached detach() {
    if (isClosing() || connect != null || !output.isEmpty() || !input.isEmpty()) {
      throw new IllegalStateException(this + ": requests are in flight, or it is closed");
    }
    leave();
    return new NioDetached(channel, input.peeked());
  }

  /** Goes on with what another driver has looked at. */
  void attached(@Nullable NioPeeked elsewhere) {
    input.attached(elsewhere);
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
      case SEND, SEND_VECTOR, SEND_FILE, SHUTDOWN_OUTPUT -> output.submit(request);
      case CONFIGURE -> configure(request);
      case CLOSE -> close(request);
      case SEND_DESCRIPTOR, RECEIVE_DESCRIPTORS -> refuseDescriptor(request);
      default -> refuse(request);
    }
  }

  private void refuseDescriptor(IoRequest request) {
    NioOperation operation = new NioOperation(completions(), request);
    completions().take(operation);
    String what = "the JDK passes no descriptors; use the uring driver";
    completions().failed(operation, new NioUnsupportedException(what));
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

  @Override
  int wantedOps() {
    if (connect != null) {
      return SelectionKey.OP_CONNECT;
    }
    return input.wantedOps() | output.wantedOps();
  }

  @Override
  void work(CompletionSink sink, int events) {
    if ((events & SelectionKey.OP_CONNECT) != 0) {
      finishConnect(sink);
    }
    if ((events & SelectionKey.OP_WRITE) != 0) {
      output.work(sink);
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

  @Override
  void cancel(NioOperation operation) {
    if (operation == connect) {
      connect = null;
      closeAtEnd();
    } else if (!input.remove(operation) && !output.remove(operation)) {
      return; // it ends when the thread that has it lets go of it
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
    output.cancelAll();
  }

  @Override
  boolean isBusy() {
    return output.isBusy();
  }

  @Override
  public String toString() {
    return "connection " + localAddress + " to " + remoteAddress;
  }
}
