package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import org.jspecify.annotations.Nullable;

/** What a connection receives. */
final class SocketInput extends StreamSource<IoBuffer> {
  private final CoreExecutor executor;
  private final IoHandle handle;
  private final SocketWatch watch;

  SocketInput(CoreExecutor executor, IoHandle handle, SocketWatch watch) {
    super(executor);
    this.executor = executor;
    this.handle = handle;
    this.watch = watch;
  }

  @Override
  void prepare(IoRequest request) {
    request.opcode = IoOpcode.RECEIVE;
    request.handle = handle;
  }

  @Override
  void armed() {
    watch.inputBegins();
  }

  @Override
  @Nullable IoBuffer element(int result, @Nullable Object payload) {
    watch.inputCame();
    return payload == null ? null : executor.watch((IoBuffer) payload, this);
  }

  /**
   * The executor's receive buffers are for all its connections; there are more output buffers, as a
   * rule.
   */
  @Override
  IoBuffer keep(IoBuffer received) {
    IoBuffer copy = executor.buffers().tryAcquire(Math.max(1, received.readableBytes()), this);
    if (copy == null) {
      return received;
    }
    copy.write(received.readable());
    received.release();
    return copy;
  }

  @Override
  Verdict verdict(int errno) {
    return switch (errno) {
      case Errno.ECANCELED, Errno.EBADF -> Verdict.END;
      case Errno.EINTR, Errno.EAGAIN -> Verdict.RETRY;
      default -> Verdict.FAIL;
    };
  }

  @Override
  String operation() {
    return "receive";
  }

  @Override
  String subject() {
    return String.valueOf(handle);
  }

  @Override
  public void discard(IoBuffer buffer) {
    buffer.release();
  }
}
