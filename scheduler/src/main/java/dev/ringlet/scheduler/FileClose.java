package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/**
 * Closes a file after the operations that were started before, also those that wait for the disk.
 * It does not wait for a place there itself, and cannot be cancelled.
 */
final class FileClose extends Operation<Void> {
  private final FileTurns file;
  private final String subject;

  FileClose(CoreExecutor executor, IoHandle handle, FileTurns file, String subject) {
    super(executor, "close");
    this.opcode = IoOpcode.CLOSE;
    this.handle = handle;
    this.file = file;
    this.subject = subject;
  }

  @Override
  String subject() {
    return subject;
  }

  @Override
  void begin() {
    if (file.isClosing()) {
      complete(-Errno.EBADF, null);
    } else if (file.anyWaiting()) {
      file.closeAfter(this);
    } else {
      submit();
    }
  }

  /** Nothing waits any more. */
  void goOn() {
    try {
      submit();
    } catch (RuntimeException refused) {
      complete(-Errno.EINVAL, refused);
    }
  }

  /** A second close finds nothing to do. */
  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0 && result != -Errno.EBADF) {
      fail(result, payload);
    }
    return true;
  }
}
