package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsStream;
import dev.ringlet.spi.Errno;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connects to a host, then begins TLS. */
final class TlsConnect extends Operation<TlsStream> {
  private final String host;
  private final int port;
  private final TlsOptions options;

  /** What runs now, of the two. */
  private @Nullable Operation<?> part;

  TlsConnect(CoreExecutor executor, String host, int port, TlsOptions options) {
    super(executor, "connect");
    this.host = host;
    this.port = port;
    this.options = options;
  }

  @Override
  String subject() {
    return host + ":" + port;
  }

  @Override
  void begin() {
    run(executor().io().connect(host, port), this::connected);
  }

  private <T> void run(Operation<T> next, Consumer<Operation<T>> after) {
    part = next;
    next.then(after);
  }

  private void connected(Operation<TcpStream> connect) {
    IoException failure = connect.failure();
    if (failure != null) {
      complete(-failure.errno(), failure);
      return;
    }
    try {
      TcpStream stream = Objects.requireNonNull(connect.value());
      run(executor().io().tls(stream, options), this::secured);
    } catch (RuntimeException refused) {
      complete(-Errno.EINVAL, refused);
    }
  }

  private void secured(Operation<TlsStream> handshake) {
    IoException failure = handshake.failure();
    if (failure == null) {
      complete(0, handshake.value());
    } else {
      complete(-failure.errno(), failure);
    }
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
      succeed((TlsStream) Objects.requireNonNull(payload));
    }
    return true;
  }

  /** The failure of a part says more, also of how far it came when it was cancelled. */
  @Override
  IoException failure(int errno, @Nullable Throwable cause) {
    if (cause instanceof IoException failure) {
      return failure;
    }
    return part == null || cause != null ? super.failure(errno, cause) : part.failure(errno, cause);
  }

  @Override
  void ended() {
    Operation<?> running = part;
    part = null;
    if (running != null) {
      running.abandon();
    }
  }

  @Override
  void discard(TlsStream value) {
    value.close().toCompletionStage();
  }
}
