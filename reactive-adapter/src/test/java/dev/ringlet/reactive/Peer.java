package dev.ringlet.reactive;

import dev.ringlet.io.Io;
import dev.ringlet.io.TcpStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * The other end of a connection, on plain blocking sockets. It sends chunks of the size of a
 * receive buffer, each beginning with its number, so that every chunk arrives as an element of its
 * own.
 */
final class Peer implements AutoCloseable {
  static final int CHUNK_BYTES = 64;

  /** As many chunks as are taken. */
  static final long ENDLESS = Long.MAX_VALUE;

  private final ServerSocket server;
  private final CompletableFuture<Socket> accepted = new CompletableFuture<>();
  private final TcpStream stream;

  private Peer(Io io) {
    try {
      server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      stream =
          TestSystem.get(
              io.connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort())));
      Socket socket = server.accept();
      socket.setTcpNoDelay(true);
      accepted.complete(socket);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Connects. */
  static Peer connect(Io io) {
    return new Peer(io);
  }

  /** Connects, sends chunks and ends its output. */
  static Peer sending(Io io, long chunks) {
    Peer peer = connect(io);
    Thread sender = new Thread(() -> peer.sendAll(chunks), "peer");
    sender.setDaemon(true);
    sender.start();
    return peer;
  }

  /** Ringlet's end. */
  TcpStream stream() {
    return stream;
  }

  void send(long number) throws IOException {
    accepted.join().getOutputStream().write(chunk(number));
  }

  void endOutput() throws IOException {
    accepted.join().shutdownOutput();
  }

  /** Closes so that the stream's next receive fails. */
  void reset() throws IOException {
    accepted.join().setSoLinger(true, 0);
    accepted.join().close();
  }

  private void sendAll(long chunks) {
    try {
      OutputStream output = accepted.join().getOutputStream();
      for (long number = 0; number < chunks; number++) {
        output.write(chunk(number));
      }
      endOutput();
    } catch (IOException closed) {
      // The test was over before all was sent.
    }
  }

  private static byte[] chunk(long number) {
    return ByteBuffer.allocate(CHUNK_BYTES).putLong(number).array();
  }

  /** Closes the sockets of this end only. */
  void closeOwnEnd() throws IOException {
    accepted.join().close();
    server.close();
  }

  @Override
  public void close() throws IOException {
    TestSystem.get(stream.close());
    closeOwnEnd();
  }
}
