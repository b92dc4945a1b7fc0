package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket. A connection is accepted only when a request wants it and its completion can
 * be reported at once, so none is ever kept here. Owner executor only.
 */
final class NioListener extends NioSocketHandle {
  /** Connections accepted before other sockets have their turn. */
  private static final int ACCEPTS_PER_VISIT = 64;

  private final NioSockets sockets;
  private final ServerSocketChannel channel;
  private final SocketAddress localAddress;
  private final SocketOptions options;
  private final NioOperationQueue accepts = new NioOperationQueue();

  NioListener(NioSockets sockets, ServerSocketChannel channel, SocketOptions options)
      throws IOException {
    super(sockets.handles(), sockets.selector(), channel);
    this.sockets = sockets;
    this.channel = channel;
    this.options = options;
    this.localAddress = channel.getLocalAddress();
  }

  @Override
  InetSocketAddress localAddress() {
    return NioSockets.internet(localAddress, this);
  }

  @Override
  void submit(IoRequest request) {
    switch (request.opcode) {
      case ACCEPT -> {
        NioSocketOperation accept = new NioSocketOperation(this, request);
        completions().take(accept);
        accepts.add(accept);
        updateInterest();
      }
      case CLOSE -> close(request);
      default -> refuse(request);
    }
  }

  @Override
  int wantedOps() {
    return accepts.isEmpty() ? 0 : SelectionKey.OP_ACCEPT;
  }

  @Override
  void work(CompletionSink sink, int events) {
    for (int i = 0; accepts.peek() instanceof NioSocketOperation accept; i++) {
      if (i == ACCEPTS_PER_VISIT || completions().isBudgetSpent()) {
        selector().ready(this, SelectionKey.OP_ACCEPT);
        return;
      }
      if (!acceptOne(accept, sink)) {
        return;
      }
    }
  }

  /** Returns false if there is nothing to accept now. */
  private boolean acceptOne(NioSocketOperation accept, CompletionSink sink) {
    NioConnection connection;
    try {
      connection = accepted();
    } catch (IOException | RuntimeException e) { // no such option here, for instance
      accepts.remove(accept);
      completions().fail(sink, accept, e);
      return false;
    }
    if (connection == null) {
      return false;
    }
    if (accept.isMultishot()) {
      completions().element(sink, accept, 0, connection);
    } else {
      accepts.remove(accept);
      completions().finish(sink, accept, 0, connection);
    }
    return true;
  }

  /** The next connection that its peer has not given up before it got its options. */
  private @Nullable NioConnection accepted() throws IOException {
    SocketChannel accepted = channel.accept();
    while (accepted != null) {
      try {
        return sockets.accepted(accepted, options);
      } catch (IOException ofThisOne) {
        accepted.close();
        accepted = channel.accept();
      }
    }
    return null;
  }

  @Override
  void cancel(NioOperation operation) {
    accepts.remove(operation);
    completions().cancelled(operation);
    updateInterest();
  }

  @Override
  void cancelAll() {
    while (accepts.peek() instanceof NioSocketOperation accept) {
      cancel(accept);
    }
  }

  @Override
  public String toString() {
    return "listener " + localAddress;
  }
}
