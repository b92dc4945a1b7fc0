package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/** Writes a range out, in pieces: the kernel's length has 32 bits. */
final class FileRangeSync extends FileOperation<Void> {
  private static final int PIECE_BYTES = 1 << 30;

  private final long end;

  FileRangeSync(DriverFile file, long position, long end) {
    super(file, "syncRange", IoOpcode.SYNC_RANGE);
    this.position = position;
    this.end = end;
  }

  @Override
  void begin() {
    length = (int) Math.min(PIECE_BYTES, end - position);
    submit();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
      return true;
    }
    position += length;
    if (position == end) {
      return true;
    }
    if (isCancelled()) {
      fail(Errno.ECANCELED, null);
      return true;
    }
    begin();
    return false;
  }
}
