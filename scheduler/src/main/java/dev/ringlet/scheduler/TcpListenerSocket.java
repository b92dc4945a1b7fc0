package dev.ringlet.scheduler;

import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.IoHandle;
import java.net.InetSocketAddress;

/** A listener over a driver's handle. */
final class TcpListenerSocket implements TcpListener {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final InetSocketAddress localAddress;
  private final Connections<TcpStream> connections;

  TcpListenerSocket(CoreExecutor executor, IoHandle handle, SocketOptions options) {
    this.executor = executor;
    this.handle = handle;
    this.localAddress = executor.ioDriver().localAddress(handle);
    this.connections =
        new Connections<>(
            executor, handle, localAddress, accepted -> new TcpSocket(executor, accepted, options));
  }

  @Override
  public IoStream<TcpStream> connections() {
    return connections;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public IoOp<Void> close() {
    return new CloseOperation(executor, handle, connections) {
      @Override
      void beforeClose() {}
    };
  }
}
