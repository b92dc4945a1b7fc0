package dev.ringlet.benchmarks.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringBufferRingAllocator;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * One echo server of a peer, on one thread of the loopback address: {@code java -cp
 * ringlet-benchmarks.jar dev.ringlet.benchmarks.echo.PeerEcho PEER PORT}, the peer {@code
 * netty-uring}, {@code netty-uring-buffers} (with a ring of provided buffers), {@code netty-epoll},
 * {@code netty-nio}, {@code vertx-uring} or {@code vertx-epoll}. Each is set up as its own
 * documentation says is fastest.
 */
public final class PeerEcho {
  private static final int BACKLOG = 1024;
  private static final short BUFFER_GROUP = 1;
  private static final short BUFFERS = 4096;
  private static final int BUFFER_BYTES = 4096;

  private PeerEcho() {}

  /**
   * Serves until the process ends.
   *
   * @param arguments peer and port
   */
  public static void main(String[] arguments) throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
    switch (arguments[0]) {
      case "netty-uring" ->
          netty(address, IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class, false);
      case "netty-uring-buffers" ->
          netty(address, withBuffers(), IoUringServerSocketChannel.class, true);
      case "netty-epoll" ->
          netty(address, EpollIoHandler.newFactory(), EpollServerSocketChannel.class, false);
      case "netty-nio" ->
          netty(address, NioIoHandler.newFactory(), NioServerSocketChannel.class, false);
      case "vertx-uring" -> vertx(address, Transport.IO_URING);
      case "vertx-epoll" -> vertx(address, Transport.EPOLL);
      default -> throw new IllegalArgumentException("peer: " + arguments[0]);
    }
    System.out.println("listening on " + address);
    Thread.currentThread().join();
  }

  private static IoHandlerFactory withBuffers() {
    IoUringBufferRingAllocator memory = new IoUringFixedBufferRingAllocator(BUFFER_BYTES);
    IoUringIoHandlerConfig config =
        new IoUringIoHandlerConfig()
            .setBufferRingConfig(
                IoUringBufferRingConfig.builder()
                    .bufferGroupId(BUFFER_GROUP)
                    .bufferRingSize(BUFFERS)
                    .batchSize(BUFFERS)
                    .allocator(memory)
                    .build());
    return IoUringIoHandler.newFactory(config);
  }

  private static void netty(
      InetSocketAddress address,
      IoHandlerFactory io,
      Class<? extends ServerSocketChannel> listener,
      boolean buffers)
      throws InterruptedException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, io);
    ServerBootstrap server =
        new ServerBootstrap()
            .group(loop)
            .channel(listener)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel connection) {
                    connection.pipeline().addLast(new Echo());
                  }
                });
    if (buffers) {
      server.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, BUFFER_GROUP);
    }
    server.bind(address).sync();
  }

  private static void vertx(InetSocketAddress address, Transport transport) {
    VertxBuilder builder = Vertx.builder().withTransport(transport);
    Vertx vertx =
        builder
            .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
            .build();
    NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(BACKLOG);
    vertx
        .createNetServer(options)
        .connectHandler(socket -> socket.handler(socket::write))
        .listen(address.getPort(), address.getAddress().getHostAddress())
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /** Writes what it reads, and flushes when a batch of reads ends. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var unused = context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var unused = context.close();
    }
  }
}
