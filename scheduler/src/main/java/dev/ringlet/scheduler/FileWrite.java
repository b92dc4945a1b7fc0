package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import org.jspecify.annotations.Nullable;

/**
 * Writes one buffer or several, on after short writes; at a position, or at the end of a file that
 * was opened for appending, where it waits for its turn.
 */
final class FileWrite extends FileOperation<Integer> {
  private final long first;
  private final int offset;
  private final int total;
  private int done;

  /** Whether a close has to wait for it, since the rest of a short write comes after the first. */
  private boolean started;

  /** Whether it stands in the queue of appends. */
  boolean appendWaits;

  FileWrite(DriverFile file, long position, IoBuffer source) {
    super(file, file.appends() ? "append" : "write", IoOpcode.WRITE);
    this.buffer = source;
    this.first = position;
    this.offset = source.readerIndex();
    this.total = source.readableBytes();
    aim();
  }

  FileWrite(DriverFile file, long position, IoBuffer[] sources, int total) {
    super(file, file.appends() ? "append" : "write", IoOpcode.WRITE_VECTOR);
    this.buffers = sources;
    this.first = position;
    this.offset = 0;
    this.total = total;
    aim();
  }

  private void aim() {
    position = first + done;
    bufferOffset = offset + done;
    length = total - done;
  }

  @Override
  void begin() {
    AppendQueue queue = target().appendQueue();
    if (queue == null) {
      start();
    } else {
      queue.add(this);
    }
  }

  /** Its turn has come. */
  void start() {
    if (total == 0) {
      complete(0, null);
    } else if (comesAfterClose()) {
      complete(-Errno.EBADF, null);
    } else {
      started = true;
      file().waits();
      submit();
    }
  }

  @Override
  boolean leavesQueue() {
    return appendWaits || super.leavesQueue();
  }

  /** The queue has let it in before. */
  @Override
  boolean comesAfterClose() {
    return !target().appends() && super.comesAfterClose();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
      return true;
    }
    done += result;
    if (done == total) {
      succeed(total);
      return true;
    }
    if (result == 0 || isCancelled()) {
      fail(result == 0 ? Errno.EIO : Errno.ECANCELED, null);
      return true;
    }
    aim();
    submit();
    return false;
  }

  @Override
  void ended() {
    releaseBuffer();
    releaseBuffers();
    AppendQueue queue = target().appendQueue();
    if (queue != null) {
      queue.ended(this);
    }
    if (started) {
      started = false;
      file().waitsNoMore();
    }
  }
}
