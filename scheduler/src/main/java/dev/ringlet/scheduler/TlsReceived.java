package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoRequest;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The plain bytes of a TLS connection, as a stream of which each request is completed by the
 * connection, one element at a time. Owner executor only.
 */
final class TlsReceived extends StreamSource<IoBuffer> {
  private final TlsConnection connection;

  /** What nobody had asked for when it was decrypted: of one record at most, but in a handshake. */
  private final ArrayDeque<IoBuffer> plain = new ArrayDeque<>(2);

  private @Nullable Subscription<IoBuffer> armed;

  TlsReceived(CoreExecutor executor, TlsConnection connection) {
    super(executor);
    this.connection = connection;
  }

  @Override
  void prepare(IoRequest request) {
    // No driver sees it.
  }

  @Override
  void submit(Subscription<IoBuffer> request) {
    armed = request;
    connection.wanted();
  }

  @Override
  void cancel(Subscription<IoBuffer> request) {
    if (armed == request) {
      complete(-Errno.ECANCELED, null);
    }
  }

  /** Whether somebody waits for bytes that are not there. */
  boolean wants() {
    return armed != null;
  }

  boolean hasPlain() {
    return !plain.isEmpty();
  }

  void add(IoBuffer decrypted) {
    plain.add(decrypted);
  }

  /** Returns whether anything was handed on. */
  boolean deliver() {
    boolean any = false;
    while (armed != null && !plain.isEmpty()) {
      IoBuffer next = plain.remove();
      complete(next.readableBytes(), next);
      any = true;
    }
    return any;
  }

  /** The peer has said that nothing more comes. */
  void end() {
    complete(0, null);
  }

  /** The connection has failed; what was decrypted before comes before that. */
  void fail(int errno, @Nullable Throwable cause) {
    deliver();
    if (armed != null) {
      complete(-errno, cause);
    }
  }

  /** The connection is closed on this side. */
  void close() {
    for (IoBuffer left = plain.poll(); left != null; left = plain.poll()) {
      left.release();
    }
    if (armed != null) {
      complete(-Errno.ECANCELED, null);
    } else {
      closed();
    }
  }

  private void complete(int result, @Nullable Object payload) {
    Subscription<IoBuffer> request = Objects.requireNonNull(armed);
    armed = null;
    request.completed(result, payload, false);
  }

  @Override
  @Nullable IoBuffer element(int result, @Nullable Object payload) {
    return (IoBuffer) payload;
  }

  @Override
  Verdict verdict(int errno) {
    return errno == Errno.ECANCELED ? Verdict.END : Verdict.FAIL;
  }

  @Override
  IoException failure(int errno, @Nullable Throwable cause) {
    return TlsConnection.failure(operation(), subject(), errno, cause);
  }

  @Override
  String operation() {
    return "TLS receive";
  }

  @Override
  String subject() {
    return connection.peer();
  }

  @Override
  public void discard(IoBuffer buffer) {
    buffer.release();
  }
}
