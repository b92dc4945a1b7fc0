package dev.ringlet.scheduler;

import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.PipeEnds;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
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
    SocketAddress address = Objects.requireNonNull(request.address, "address");
    NioOperation listen = new NioOperation(completions, request);
    completions.take(listen);
    try {
      completions.end(listen, 0, bind(address, request));
    } catch (IOException | RuntimeException e) {
      completions.failed(listen, e);
    }
  }

  private NioListener bind(SocketAddress address, IoRequest request) throws IOException {
    ServerSocketChannel channel = server(address, request.flags);
    try {
      if (address instanceof InetSocketAddress) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      if ((request.flags & IoRequest.LISTEN_SHARED_PORT) != 0) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      NioOptions.applyToListener(channel, request.socketOptions);
      channel.bind(known(address), request.length);
      NioListener listener = new NioListener(this, channel, request.socketOptions);
      handles.opened(listener);
      return listener;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  /** The wildcard is for both families, unless one is asked for; all else for its own. */
  private static ServerSocketChannel server(SocketAddress any, int flags) throws IOException {
    if (!(any instanceof InetSocketAddress address)) {
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    }
    if (address.isUnresolved() || !address.getAddress().isAnyLocalAddress()) {
      return ServerSocketChannel.open(family(address));
    }
    if ((flags & IoRequest.LISTEN_IPV6_ONLY) != 0) {
      throw new UnsupportedOperationException(
          "NIO cannot listen for IPv6 only; bind a concrete IPv6 address, or use the uring driver");
    }
    return (flags & IoRequest.LISTEN_IPV4_ONLY) != 0
        ? ServerSocketChannel.open(StandardProtocolFamily.INET)
        : ServerSocketChannel.open();
  }

  /** As the JDK has it. */
  private static SocketAddress known(SocketAddress address) {
    if (!(address instanceof UnixAddress unix)) {
      return address;
    }
    if (unix.isAbstract()) {
      throw new UnsupportedOperationException(
          "NIO has no abstract names; give a path, or use the uring driver");
    }
    return UnixDomainSocketAddress.of(unix.name());
  }

  void connect(IoRequest request) {
    SocketAddress address = Objects.requireNonNull(request.address, "address");
    NioConnection connection;
    SocketAddress known;
    try {
      known = known(address);
      connection = open(known, request);
    } catch (IOException | RuntimeException e) {
      NioOperation connect = new NioOperation(handles.completions(), request);
      handles.completions().take(connect);
      handles.completions().failed(connect, e);
      return;
    }
    connection.connect(request, known);
  }

  private NioConnection open(SocketAddress address, IoRequest request) throws IOException {
    SocketChannel channel = SocketChannel.open(family(address));
    try {
      NioOptions.applyToNew(channel, request.socketOptions);
      if (request.localAddress instanceof InetSocketAddress local) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, local.getPort() != 0);
        channel.bind(local);
      }
      return new NioConnection(this, channel);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  void bindDatagram(IoRequest request) {
    NioCompletions completions = handles.completions();
    SocketAddress local = Objects.requireNonNull(request.localAddress, "localAddress");
    NioOperation bind = new NioOperation(completions, request);
    completions.take(bind);
    try {
      completions.end(bind, 0, datagramSocket(local, request));
    } catch (IOException | RuntimeException e) {
      completions.failed(bind, e);
    }
  }

  private NioDatagramSocket datagramSocket(SocketAddress local, IoRequest request)
      throws IOException {
    if (!(local instanceof InetSocketAddress)) {
      throw new NioUnsupportedException(
          "the JDK has no datagram sockets of the Unix domain; use a UnixStream, or the uring"
              + " driver");
    }
    DatagramChannel channel = DatagramChannel.open(family(local));
    try {
      if ((request.flags & IoRequest.LISTEN_SHARED_PORT) != 0) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      NioOptions.apply(channel, request.socketOptions);
      channel.bind(local);
      if (request.address != null) {
        channel.connect(request.address);
      }
      NioDatagramSocket socket = new NioDatagramSocket(this, channel);
      handles.opened(socket);
      return socket;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  /** Makes the handle of an accepted connection; closes the channel if that fails. */
  NioConnection accepted(SocketChannel channel, SocketOptions options) throws IOException {
    try {
      NioOptions.applyToNew(channel, options);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e;
    }
    return connected(channel);
  }

  /** Makes the handle of a connection; closes the channel if that fails. */
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

  /** The address's own family, not a socket for both. */
  private static ProtocolFamily family(SocketAddress any) {
    if (!(any instanceof InetSocketAddress address)) {
      return StandardProtocolFamily.UNIX;
    }
    return address.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  /** Of the internet; a Unix domain socket has no other address than its listener's. */
  static InetSocketAddress internet(SocketAddress address, NioHandle handle) {
    if (address instanceof InetSocketAddress internet) {
      return internet;
    }
    throw new IllegalArgumentException(handle + " is a Unix domain socket, without such address");
  }

  void pipe(IoRequest request) {
    NioCompletions completions = handles.completions();
    NioOperation pipe = new NioOperation(completions, request);
    completions.take(pipe);
    try {
      completions.end(pipe, 0, pipe(Pipe.open()));
    } catch (IOException | RuntimeException e) {
      completions.failed(pipe, e);
    }
  }

  private PipeEnds pipe(Pipe pipe) throws IOException {
    try {
      NioPipeInput readEnd = new NioPipeInput(this, pipe.source());
      NioPipeOutput writeEnd = new NioPipeOutput(this, pipe.sink());
      handles.opened(readEnd);
      handles.opened(writeEnd);
      return new PipeEnds(readEnd, writeEnd);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, pipe.source());
      closeAfter(e, pipe.sink());
      throw e;
    }
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
