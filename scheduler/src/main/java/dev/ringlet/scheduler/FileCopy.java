package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/**
 * Copies by reading and writing in turns through one buffer. The ring has no copy_file_range, and
 * its splice needs a pipe and a kernel thread for every piece; this can be cancelled between any
 * two pieces and is the same on every driver.
 */
final class FileCopy extends FileOperation<Long> {
  private static final int PIECE_BYTES = 256 * 1024;

  private final DriverFile destination;
  private final long from;
  private final long to;
  private final long total;
  private long copied;
  private boolean goesOn;

  /** Bytes of the present piece, and how many of them were written. */
  private int filled;

  private int written;

  FileCopy(DriverFile source, long from, DriverFile destination, long to, long total) {
    super(source, "copyRangeTo", IoOpcode.READ);
    this.destination = destination;
    this.from = from;
    this.to = to;
    this.total = total;
    int piece = (int) Math.min(PIECE_BYTES, Math.max(1, total));
    executor().buffers().checkFits("bytes of a piece", piece);
  }

  @Override
  String subject() {
    return target().path() + " to " + destination.path();
  }

  @Override
  void begin() {
    if (total == 0) {
      complete(0, null);
      return;
    }
    lease((int) Math.min(PIECE_BYTES, total));
  }

  @Override
  void leased(IoBuffer memory) {
    buffer = memory;
    read();
    submit();
  }

  private void read() {
    opcode = IoOpcode.READ;
    handle = target().handle();
    position = from + copied;
    bufferOffset = 0;
    length = (int) Math.min(PIECE_BYTES, total - copied);
  }

  private void write() {
    opcode = IoOpcode.WRITE;
    handle = destination.handle();
    position = to + copied;
    bufferOffset = written;
    length = filled - written;
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
      return true;
    }
    return opcode == IoOpcode.READ ? wasRead(result) : wasWritten(result);
  }

  private boolean wasRead(int bytes) {
    if (bytes == 0) {
      succeed(copied);
      return true;
    }
    filled = bytes;
    written = 0;
    return goOn();
  }

  private boolean wasWritten(int bytes) {
    written += bytes;
    copied += bytes;
    if (copied == total) {
      succeed(copied);
      return true;
    }
    if (bytes == 0) {
      fail(Errno.EIO, null);
      return true;
    }
    return goOn();
  }

  private boolean goOn() {
    if (isCancelled()) {
      fail(Errno.ECANCELED, null);
      return true;
    }
    if (written < filled) {
      write();
    } else {
      read();
    }
    goesOn = true;
    return false;
  }

  /** Between two pieces it lets others have its place. */
  @Override
  void leftDriver() {
    super.leftDriver();
    if (goesOn) {
      goesOn = false;
      try {
        submit();
      } catch (RuntimeException refused) {
        complete(-Errno.EINVAL, refused);
      }
    }
  }

  @Override
  void ended() {
    releaseBuffer();
  }
}
