package dev.ringlet.reactive;

import dev.ringlet.io.Io;
import dev.ringlet.io.TcpStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A connection of Ringlet's to a plain blocking socket, for tests that read there. */
final class Wire implements AutoCloseable {
  private final TcpStream stream;
  private final Socket peer;

  private Wire(TcpStream stream, Socket peer) {
    this.stream = stream;
    this.peer = peer;
  }

  static Wire connect(Io io) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
      TcpStream stream =
          TestSystem.get(io.connect(new InetSocketAddress(loopback, server.getLocalPort())));
      Socket peer = server.accept();
      peer.setSoTimeout((int) TestSystem.PATIENCE.toMillis());
      return new Wire(stream, peer);
    }
  }

  /** Ringlet's end. */
  TcpStream stream() {
    return stream;
  }

  /** The other end. */
  Socket peer() {
    return peer;
  }

  byte[] read(int count) throws IOException {
    return peer.getInputStream().readNBytes(count);
  }

  /** Up to the end of Ringlet's output. */
  byte[] readAll() throws IOException {
    return peer.getInputStream().readAllBytes();
  }

  /** Whether Ringlet's end was reset; what was sent before is read. */
  boolean isReset() throws IOException {
    try {
      peer.getInputStream().skip(Long.MAX_VALUE);
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Closes the other end so that Ringlet's next send fails. */
  void reset() throws IOException {
    peer.setSoLinger(true, 0);
    peer.close();
  }

  @Override
  public void close() throws IOException {
    TestSystem.get(stream.close());
    peer.close();
  }
}
