package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/** Makes listeners and connections. Owner executor only. */
final class NioSockets {
  private final NioHandles handles;
  private final NioSelector selector;
  private final NioReceiveBuffers buffers;

  NioSockets(NioHandles handles, NioSelector selector, NioReceiveBuffers buffers) {
    this.handles = handles;
    this.selector = selector;
    this.buffers = buffers;
  }

  NioHandles handles() {
    return handles;
  }

  NioSelector selector() {
    return selector;
  }

  NioReceiveBuffers buffers() {
    return buffers;
  }

  void listen(IoRequest request) {
    NioCompletions completions = handles.completions();
    InetSocketAddress address = Objects.requireNonNull(request.address, "address");
    NioOperation listen = new NioOperation(completions, request);
    completions.take(listen);
    try {
      boolean sharedPort = (request.flags & IoRequest.LISTEN_SHARED_PORT) != 0;
      completions.end(listen, 0, bind(address, request.length, sharedPort));
    } catch (IOException | RuntimeException e) {
      completions.failed(listen, e);
    }
  }

  private NioListener bind(InetSocketAddress address, int backlog, boolean sharedPort)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(family(address));
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (sharedPort) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.bind(address, backlog);
      NioListener listener = new NioListener(this, channel);
      handles.opened(listener);
      return listener;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  void connect(IoRequest request) {
    InetSocketAddress address = Objects.requireNonNull(request.address, "address");
    NioConnection connection;
    try {
      connection = open(address);
    } catch (IOException | UnsupportedOperationException e) {
      NioOperation connect = new NioOperation(handles.completions(), request);
      handles.completions().take(connect);
      handles.completions().failed(connect, e);
      return;
    }
    connection.connect(request, address);
  }

  private NioConnection open(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open(family(address));
    try {
      return new NioConnection(this, channel);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  /** Makes the handle of an accepted connection; closes the channel if that fails. */
  NioConnection connected(SocketChannel channel) throws IOException {
    try {
      NioConnection connection = new NioConnection(this, channel);
      connection.established();
      handles.opened(connection);
      return connection;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  /** The address's own family, not a socket for both: a wildcard means what it says. */
  private static ProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private void closeAfter(Exception failure, Channel channel) {
    selector.channelClosed();
    try {
      channel.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
