package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** Closes a socket or listener, and ends the stream that comes from it. */
abstract class CloseOperation extends Operation<Void> {
  private final StreamSource<?> stream;

  CloseOperation(CoreExecutor executor, IoHandle handle, StreamSource<?> stream) {
    super(executor, "close");
    this.opcode = IoOpcode.CLOSE;
    this.handle = handle;
    this.stream = stream;
  }

  /** What must end first. */
  abstract void beforeClose();

  @Override
  final String subject() {
    return stream.subject();
  }

  @Override
  final void begin() {
    beforeClose();
    submit();
  }

  /** A second close finds nothing to do. */
  @Override
  final boolean step(int result, @Nullable Object payload) {
    if (result < 0 && result != -Errno.EBADF) {
      fail(result, payload);
    }
    stream.closed();
    return true;
  }
}
