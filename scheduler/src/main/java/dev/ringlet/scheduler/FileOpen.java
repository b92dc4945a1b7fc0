package dev.ringlet.scheduler;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileStat;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Opens a file: OPEN, then UNLINK if it is to lose its name, then STAT if it is for direct I/O, to
 * learn the alignment. What comes after OPEN is done also if the operation was cancelled meanwhile.
 */
final class FileOpen extends Operation<AsyncFile> {
  /** Where nobody tells: what every common device can do. */
  static final int USUAL_ALIGNMENT = 4096;

  private final Path file;
  private final FileOptions asked;
  private @Nullable IoHandle opened;
  private boolean unlinkedAgain;

  FileOpen(CoreExecutor executor, Path path, FileOptions options) {
    super(executor, "open");
    this.file = path;
    this.asked = options;
    this.opcode = IoOpcode.OPEN;
    this.path = path;
    this.flags = options.flags();
    this.length = options.permissions().bits();
  }

  @Override
  String subject() {
    return file.toString();
  }

  @Override
  void begin() {
    submit();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    return switch (opcode) {
      case OPEN -> opened(result, payload);
      case UNLINK -> unlinked(result, payload);
      default -> measured(result, payload);
    };
  }

  private boolean opened(int result, @Nullable Object payload) {
    if (result == -Errno.EINVAL && asked.direct() && !(payload instanceof RuntimeException)) {
      fail(
          Errno.EINVAL,
          new UnsupportedOperationException(
              "if its file system has no direct I/O, open it without FileOption.DIRECT"));
      return true;
    }
    if (result < 0) {
      fail(result, payload);
      return true;
    }
    opened = (IoHandle) payload;
    return asked.deleted() ? unlink() : measure();
  }

  private boolean unlink() {
    opcode = IoOpcode.UNLINK;
    flags = 0;
    submit();
    return false;
  }

  /**
   * A cancellation that has reached the wrong half is not to leave the name behind, nor is the end
   * of the driver.
   */
  private boolean unlinked(int result, @Nullable Object payload) {
    if (result == -Errno.ECANCELED && !executor().takesIo()) {
      LastNames.delete(file);
    } else if (result == -Errno.ECANCELED && !unlinkedAgain) {
      unlinkedAgain = true;
      return unlink();
    }
    if (result < 0) {
      fail(result, payload);
      close();
      return true;
    }
    return measure();
  }

  private boolean measure() {
    if (asked.direct()) {
      opcode = IoOpcode.STAT;
      handle = opened;
      submit();
      return false;
    }
    give(1);
    return true;
  }

  private boolean measured(int result, @Nullable Object payload) {
    if (result == -Errno.ECANCELED) {
      fail(result, payload);
      close();
      return true;
    }
    boolean told = payload instanceof FileStat stat && stat.offsetAlignment() > 0;
    give(told ? alignment((FileStat) Objects.requireNonNull(payload)) : USUAL_ALIGNMENT);
    return true;
  }

  private static int alignment(FileStat stat) {
    return Math.max(stat.offsetAlignment(), stat.memoryAlignment());
  }

  private void give(int alignment) {
    IoHandle present = Objects.requireNonNull(opened);
    succeed(new DriverFile(executor(), present, file, alignment, asked.appends()));
  }

  @Override
  void discard(AsyncFile value) {
    close();
  }

  private void close() {
    new PlainOperation(executor(), "close", subject(), IoOpcode.CLOSE, opened).toCompletionStage();
  }
}
