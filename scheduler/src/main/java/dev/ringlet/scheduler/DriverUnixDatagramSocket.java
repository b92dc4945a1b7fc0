package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagram;
import dev.ringlet.io.UnixDatagramSocket;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import org.jspecify.annotations.Nullable;

/** A datagram socket of the Unix domain over a driver's handle. */
final class DriverUnixDatagramSocket implements UnixDatagramSocket {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final UnixAddress localAddress;
  private final @Nullable UnixAddress remoteAddress;
  private final DatagramOutput output;
  private final Datagrams datagrams;

  DriverUnixDatagramSocket(
      CoreExecutor executor,
      IoHandle handle,
      SocketOptions options,
      UnixAddress localAddress,
      @Nullable UnixAddress remoteAddress) {
    this.executor = executor;
    this.handle = handle;
    this.localAddress = localAddress;
    this.remoteAddress = remoteAddress;
    this.output = new DatagramOutput(executor, handle, options);
    this.datagrams = new Datagrams(executor, handle, localAddress);
  }

  @Override
  public IoStream<UnixDatagram> receive() {
    return datagrams;
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer) {
    if (remoteAddress == null) {
      throw new IllegalStateException(
          this
              + " is not connected; give an address, or bind it with"
              + " UnixDatagramOptions.withRemoteAddress");
    }
    return output.send(buffer, null);
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer, UnixAddress to) {
    if (remoteAddress != null && !remoteAddress.equals(to)) {
      throw new IllegalArgumentException(
          "to: " + to + "; " + this + " is connected to " + remoteAddress);
    }
    return output.send(buffer, remoteAddress == null ? to : null);
  }

  @Override
  public long pendingBytes() {
    executor.checkCurrent("UnixDatagramSocket.pendingBytes");
    return output.pendingBytes();
  }

  @Override
  public UnixAddress localAddress() {
    return localAddress;
  }

  @Override
  public @Nullable UnixAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public IoOp<Void> close() {
    return new CloseOperation(executor, handle, datagrams) {
      @Override
      void beforeClose() {
        output.cancelWaiting();
      }
    };
  }

  @Override
  public String toString() {
    return "datagram socket " + localAddress;
  }

  private static final class Datagrams extends DatagramSource<UnixDatagram> {
    Datagrams(CoreExecutor executor, IoHandle handle, Object localAddress) {
      super(executor, handle, UnixDatagram.class, localAddress);
    }

    @Override
    IoBuffer data(UnixDatagram datagram) {
      return datagram.data();
    }

    @Override
    UnixDatagram with(UnixDatagram datagram, IoBuffer data) {
      return new UnixDatagram(datagram.sender(), data, datagram.truncated());
    }

    @Override
    boolean passes(int errno) {
      return errno == Errno.ECONNRESET || errno == Errno.ECONNREFUSED;
    }
  }
}
