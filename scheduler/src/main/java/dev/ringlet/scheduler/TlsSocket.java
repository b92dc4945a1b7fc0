package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsStream;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What users hold of a TLS connection whose handshake is over. */
final class TlsSocket implements TlsStream {
  private final TlsConnection connection;
  private final SSLSession session;
  private final String applicationProtocol;

  TlsSocket(TlsConnection connection) {
    this.connection = connection;
    this.session = connection.engine().getSession();
    String chosen = connection.engine().getApplicationProtocol();
    this.applicationProtocol = chosen == null ? "" : chosen;
  }

  @Override
  public IoStream<IoBuffer> receive() {
    return connection.received();
  }

  @Override
  public IoOp<IoBuffer> peek(int atMost) {
    throw new UnsupportedOperationException(
        connection.peer()
            + ": nobody looks ahead into TLS; peek before TLS begins, or use Io.frames");
  }

  @Override
  public IoOp<Integer> send(IoBuffer buffer) {
    return connection.output().send(buffer);
  }

  @Override
  public IoOp<Long> send(List<IoBuffer> buffers) {
    return connection.output().send(buffers);
  }

  /** What is encrypted is sent whole. */
  @Override
  public IoOp<Integer> write(IoBuffer buffer) {
    return connection.output().send(buffer);
  }

  @Override
  public IoOp<Long> sendFile(AsyncFile file, long position, long length) {
    DriverFile source = DriverFile.source(file, connection.executor(), position, length);
    return connection.output().sendFile(source, position, length);
  }

  @Override
  public long pendingBytes() {
    connection.executor().checkCurrent("TlsStream.pendingBytes");
    return connection.output().pendingBytes();
  }

  @Override
  public IoOp<Void> configure(SocketOptions options) {
    return connection.inner().configure(options);
  }

  @Override
  public IoOp<Void> abort() {
    return new Close(true);
  }

  @Override
  public IoOp<Void> shutdownOutput() {
    return connection.output().shutdown();
  }

  @Override
  public IoOp<Void> close() {
    return new Close(false);
  }

  @Override
  public DetachedTcpStream detach() {
    throw new IllegalStateException(
        connection.peer()
            + ": a TLS connection stays on its executor; detach the connection before TLS begins");
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return tcp().remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return tcp().localAddress();
  }

  private TcpStream tcp() {
    if (connection.inner() instanceof TcpStream tcp) {
      return tcp;
    }
    throw new UnsupportedOperationException(
        connection.peer()
            + ": it goes over a Unix stream, which has no address of the internet; ask its"
            + " UnixStream.address()");
  }

  @Override
  public String protocol() {
    return session.getProtocol();
  }

  @Override
  public String cipherSuite() {
    return session.getCipherSuite();
  }

  @Override
  public String applicationProtocol() {
    return applicationProtocol;
  }

  @Override
  public SSLSession session() {
    return session;
  }

  @Override
  public String toString() {
    return protocol() + " with " + connection.peer();
  }

  private final class Close extends Operation<Void> {
    private final boolean reset;

    Close(boolean reset) {
      super(connection.executor(), reset ? "TLS abort" : "TLS close");
      this.reset = reset;
    }

    @Override
    String subject() {
      return connection.peer();
    }

    @Override
    void begin() {
      connection.close(this, reset);
    }

    /** Nobody waits for it any more; it goes on. */
    @Override
    boolean leavesQueue() {
      return true;
    }

    @Override
    boolean step(int result, @Nullable Object payload) {
      if (result < 0) {
        fail(result, payload);
      }
      return true;
    }

    @Override
    IoException failure(int errno, @Nullable Throwable cause) {
      return TlsConnection.failure(name(), subject(), errno, cause);
    }

    @Override
    void ended() {
      connection.forget(this);
    }
  }
}
