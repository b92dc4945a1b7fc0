package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A TCP connection over a driver's handle. */
final class TcpSocket extends DriverStream implements TcpStream {
  private @Nullable InetSocketAddress remoteAddress;

  TcpSocket(CoreExecutor executor, IoHandle handle, SocketOptions options) {
    super(executor, handle, options);
  }

  @Override
  public DetachedTcpStream detach() {
    executor().checkCurrent("TcpStream.detach");
    if (!isIdle()) {
      throw new IllegalStateException(
          handle()
              + ": a send, a subscription or a configure is under way; detach before, or when they"
              + " have ended");
    }
    DetachedTcpStream detached = executor().ioDriver().detach(handle());
    stopWatching();
    return new DetachedConnection(detached, options());
  }

  @Override
  public IoOp<Void> configure(SocketOptions changes) {
    return super.configure(SocketKind.TCP.check(changes));
  }

  @Override
  public IoOp<Void> abort() {
    return close(IoRequest.CLOSE_RESET);
  }

  @Override
  public InetSocketAddress remoteAddress() {
    InetSocketAddress address = remoteAddress;
    if (address == null) {
      address = executor().ioDriver().remoteAddress(handle());
      remoteAddress = address;
    }
    return address;
  }

  @Override
  public InetSocketAddress localAddress() {
    return executor().ioDriver().localAddress(handle());
  }
}
