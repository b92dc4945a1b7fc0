package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An operation that gives a handle: open, listen, connect. */
final class OpenOperation<T> extends Operation<T> {
  private final String subject;
  private final Function<IoHandle, T> wrap;

  OpenOperation(
      CoreExecutor executor,
      String name,
      String subject,
      IoOpcode opcode,
      Function<IoHandle, T> wrap) {
    super(executor, name);
    this.subject = subject;
    this.opcode = opcode;
    this.wrap = wrap;
  }

  private @Nullable IoHandle opened;

  @Override
  String subject() {
    return subject;
  }

  @Override
  void begin() {
    submit();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
    } else {
      opened(Objects.requireNonNull((IoHandle) payload));
    }
    return true;
  }

  private void opened(IoHandle handle) {
    opened = handle;
    try {
      succeed(wrap.apply(handle));
    } catch (RuntimeException failure) {
      close();
      fail(Errno.EIO, failure);
    }
  }

  @Override
  void discard(T value) {
    close();
  }

  private void close() {
    new PlainOperation(executor(), "close", subject, IoOpcode.CLOSE, opened).toCompletionStage();
  }
}
