package dev.ringlet.scheduler;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UdpSocket;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.jspecify.annotations.Nullable;

/** A UDP socket over a driver's handle. */
final class DriverUdpSocket implements UdpSocket {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final InetSocketAddress localAddress;
  private final @Nullable InetSocketAddress remoteAddress;
  private final DatagramOutput output;
  private final Datagrams datagrams;

  DriverUdpSocket(
      CoreExecutor executor,
      IoHandle handle,
      SocketOptions options,
      @Nullable InetSocketAddress remoteAddress) {
    this.executor = executor;
    this.handle = handle;
    this.localAddress = executor.ioDriver().localAddress(handle);
    this.remoteAddress = remoteAddress;
    this.output = new DatagramOutput(executor, handle, options);
    this.datagrams = new Datagrams(executor, handle, localAddress);
  }

  @Override
  public IoStream<Datagram> receive() {
    return datagrams;
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer) {
    if (remoteAddress == null) {
      throw new IllegalStateException(
          this
              + " is not connected; give an address, or bind it with UdpOptions.withRemoteAddress");
    }
    return output.send(buffer, null);
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer, InetSocketAddress to) {
    if (to.isUnresolved()) {
      throw new IllegalArgumentException(
          "to: " + to + " is not resolved; resolve the name off the executor first");
    }
    if (remoteAddress != null && !remoteAddress.equals(to)) {
      throw new IllegalArgumentException(
          "to: " + to + "; " + this + " is connected to " + remoteAddress);
    }
    if (to.getAddress() instanceof Inet6Address
        && localAddress.getAddress() instanceof Inet4Address) {
      throw new IllegalArgumentException(
          "to: " + to + " is of IPv6, " + this + " of IPv4; bind one to an IPv6 address");
    }
    return output.send(buffer, remoteAddress == null ? to : null);
  }

  @Override
  public String toString() {
    return "UDP socket " + localAddress;
  }

  @Override
  public long pendingBytes() {
    executor.checkCurrent("UdpSocket.pendingBytes");
    return output.pendingBytes();
  }

  @Override
  public IoOp<Void> join(InetAddress group, NetworkInterface via) {
    return membership("join", IoOpcode.JOIN_GROUP, group, via);
  }

  @Override
  public IoOp<Void> leave(InetAddress group, NetworkInterface via) {
    return membership("leave", IoOpcode.LEAVE_GROUP, group, via);
  }

  private IoOp<Void> membership(
      String name, IoOpcode opcode, InetAddress group, NetworkInterface via) {
    boolean sameFamily = group.getClass() == localAddress.getAddress().getClass();
    if (!group.isMulticastAddress() || !sameFamily) {
      throw new IllegalArgumentException(
          "group: " + group + "; give a multicast address of the family of " + localAddress);
    }
    PlainOperation operation =
        new PlainOperation(executor, name, group + " via " + via.getName(), opcode, handle);
    operation.address = new InetSocketAddress(group, 0);
    operation.length = via.getIndex();
    return operation;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public @Nullable InetSocketAddress remoteAddress() {
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

  private static final class Datagrams extends DatagramSource<Datagram> {
    Datagrams(CoreExecutor executor, IoHandle handle, Object localAddress) {
      super(executor, handle, Datagram.class, localAddress);
    }

    @Override
    IoBuffer data(Datagram datagram) {
      return datagram.data();
    }

    @Override
    Datagram with(Datagram datagram, IoBuffer data) {
      return new Datagram(datagram.sender(), data, datagram.truncated());
    }

    @Override
    boolean passes(int errno) {
      return errno == Errno.ECONNREFUSED
          || errno == Errno.EHOSTUNREACH
          || errno == Errno.ENETUNREACH;
    }
  }
}
