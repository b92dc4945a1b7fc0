package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** An operation without a value: a delay, the close of what nobody waited for. */
final class PlainOperation extends Operation<Void> {
  private final String subject;

  PlainOperation(
      CoreExecutor executor,
      String name,
      String subject,
      IoOpcode opcode,
      @Nullable IoHandle handle) {
    super(executor, name);
    this.subject = subject;
    this.opcode = opcode;
    this.handle = handle;
  }

  PlainOperation withPosition(long newPosition) {
    position = newPosition;
    return this;
  }

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
    boolean closedAlready = opcode == IoOpcode.CLOSE && result == -Errno.EBADF;
    if (result < 0 && !closedAlready) {
      fail(result, payload);
    }
    return true;
  }
}
