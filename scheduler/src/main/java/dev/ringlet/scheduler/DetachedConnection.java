package dev.ringlet.scheduler;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.SocketOptions;

/** A driver's detached connection, with those of its settings that the kernel does not know. */
record DetachedConnection(DetachedTcpStream connection, SocketOptions options)
    implements DetachedTcpStream {
  @Override
  public void close() {
    connection.close();
  }

  @Override
  public String toString() {
    return connection.toString();
  }
}
