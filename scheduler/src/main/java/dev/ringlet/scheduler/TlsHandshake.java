package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsStream;
import dev.ringlet.io.UnixStream;
import dev.ringlet.spi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Begins TLS on a connection, which is closed if that does not succeed. */
final class TlsHandshake extends Operation<TlsStream> {
  private final StreamSocket inner;
  private final StreamSource<IoBuffer> source;
  private final TlsOptions options;
  private @Nullable TlsConnection connection;
  private String peer;
  private boolean succeeded;
  private boolean over;

  TlsHandshake(
      CoreExecutor executor,
      StreamSocket inner,
      StreamSource<IoBuffer> source,
      TlsOptions options) {
    super(executor, "TLS handshake");
    this.inner = inner;
    this.source = source;
    this.options = options;
    this.peer = options.peerHost() == null ? "with " + source : "with " + options.peerHost();
    var unused = timeout(options.handshakeTimeout());
  }

  @Override
  String subject() {
    return peer;
  }

  @Override
  void begin() {
    if (inner instanceof DriverStream own && own.isGone()) {
      over = true; // nothing is left to close
      complete(-Errno.EBADF, null);
      return;
    }
    String address = address();
    peer = options.peerHost() == null ? address : options.peerHost() + " at " + address;
    TlsConnection made = new TlsConnection(executor(), inner, source, options, peer);
    connection = made;
    made.start(this);
  }

  /** For messages. */
  private String address() {
    if (inner instanceof UnixStream unix) {
      return unix.address().toString();
    }
    if (inner instanceof TcpStream tcp && !(inner instanceof TlsStream)) {
      try {
        return tcp.remoteAddress().toString();
      } catch (IoException forgotten) {
        // The peer has reset it already, as receiving will tell.
        return source.subject();
      }
    }
    return source.subject();
  }

  @Override
  boolean leavesQueue() {
    return true;
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
    } else {
      succeeded = true;
      succeed((TlsStream) Objects.requireNonNull(payload));
    }
    return true;
  }

  @Override
  IoException failure(int errno, @Nullable Throwable cause) {
    return TlsConnection.failure(name(), subject(), errno, cause);
  }

  @Override
  void ended() {
    if (succeeded || over) {
      return;
    }
    over = true;
    if (connection != null) {
      connection.abandoned();
    } else {
      inner.close().toCompletionStage();
    }
  }

  @Override
  void discard(TlsStream value) {
    value.close().toCompletionStage();
  }
}
