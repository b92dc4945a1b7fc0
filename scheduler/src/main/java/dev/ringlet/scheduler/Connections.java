package dev.ringlet.scheduler;

import dev.ringlet.io.StreamSocket;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a listener accepts. */
final class Connections<T extends StreamSocket> extends StreamSource<T> {
  private final IoHandle listener;
  private final SocketAddress address;
  private final Function<IoHandle, T> wrap;

  Connections(
      CoreExecutor executor, IoHandle listener, SocketAddress address, Function<IoHandle, T> wrap) {
    super(executor);
    this.listener = listener;
    this.address = address;
    this.wrap = wrap;
  }

  @Override
  void prepare(IoRequest request) {
    request.opcode = IoOpcode.ACCEPT;
    request.handle = listener;
  }

  @Override
  boolean isIntake() {
    return true;
  }

  @Override
  T element(int result, @Nullable Object payload) {
    return wrap.apply((IoHandle) Objects.requireNonNull(payload));
  }

  @Override
  Verdict verdict(int errno) {
    return switch (errno) {
      case Errno.ECONNABORTED, Errno.EINTR, Errno.EAGAIN, Errno.EPROTO -> Verdict.RETRY;
      case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> Verdict.BACK_OFF;
      case Errno.ECANCELED, Errno.EBADF, Errno.EINVAL -> Verdict.END;
      default -> Verdict.FAIL;
    };
  }

  @Override
  String operation() {
    return "accept";
  }

  @Override
  String subject() {
    return String.valueOf(address);
  }

  @Override
  public void discard(T connection) {
    connection.close().toCompletionStage();
  }
}
