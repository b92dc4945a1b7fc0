package dev.ringlet.testkit.sim;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import java.net.InetSocketAddress;

/** The sockets of a simulation, and what is between them. The simulation's thread. */
final class SimNetwork {
  private final SimWorld world;

  SimNetwork(SimWorld world) {
    this.world = world;
  }

  /** LISTEN, CONNECT, BIND_DATAGRAM and PIPE. */
  void execute(SimOperation operation) {
    operation.fail(Errno.EOPNOTSUPP);
  }

  DetachedTcpStream detach(IoHandle handle) {
    throw new IllegalArgumentException("handle: " + handle + " is no connection");
  }

  IoHandle attach(DetachedTcpStream connection, SimDriver driver) {
    throw new IllegalArgumentException("connection: " + connection + " is of another driver");
  }

  InetSocketAddress localAddress(IoHandle handle) {
    throw new IllegalArgumentException("handle: " + handle + " is no socket");
  }

  InetSocketAddress remoteAddress(IoHandle handle) {
    throw new IllegalArgumentException("handle: " + handle + " is no connection");
  }
}
