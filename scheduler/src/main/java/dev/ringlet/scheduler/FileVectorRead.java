package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills several buffers, and reads on after short reads. */
final class FileVectorRead extends FileOperation<List<IoBuffer>> {
  private final List<IoBuffer> targets;
  private final long first;
  private final int wanted;
  private int done;

  FileVectorRead(DriverFile file, long position, List<IoBuffer> targets, int wanted) {
    super(file, "read", IoOpcode.READ_VECTOR);
    this.targets = targets;
    this.first = position;
    this.wanted = wanted;
    this.buffers = targets.toArray(new IoBuffer[0]);
    this.position = position;
    this.length = wanted;
  }

  @Override
  void begin() {
    submit();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
      return true;
    }
    done += result;
    if (result == 0 || done == wanted || (done & (target().alignment() - 1)) != 0) {
      finish();
      return true;
    }
    if (isCancelled()) {
      fail(Errno.ECANCELED, null);
      return true;
    }
    position = first + done;
    bufferOffset = done;
    length = wanted - done;
    submit();
    return false;
  }

  private void finish() {
    int left = done;
    for (IoBuffer target : targets) {
      int filled = Math.min(left, target.writableBytes());
      target.wrote(filled);
      left -= filled;
    }
    succeed(targets);
    buffers = NO_BUFFERS;
  }

  @Override
  void ended() {
    releaseBuffers();
  }

  @Override
  void discard(List<IoBuffer> value) {
    value.forEach(IoBuffer::release);
  }
}
