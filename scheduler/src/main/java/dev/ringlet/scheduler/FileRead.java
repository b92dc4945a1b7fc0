package dev.ringlet.scheduler;

import dev.ringlet.io.BufferMemoryException;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.io.EOFException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads on after short reads, until the length or the end of the file is reached. Of a file for
 * direct I/O it reads the aligned surroundings and lets the rest of the buffer be unreadable.
 */
final class FileRead extends FileOperation<IoBuffer> {
  private final boolean exactly;

  /** Whether it stands in the line for memory. */
  private final boolean waitsForMemory;

  /** Where the surroundings begin, and how long they are. */
  private final long first;

  private final int span;

  /** Bytes of the surroundings before those wanted. */
  private final int head;

  private final int wanted;
  private int done;

  FileRead(DriverFile file, long position, int length, boolean exactly) {
    this(file, position, length, exactly, true);
    executor().buffers().checkFits("length", span);
  }

  private FileRead(
      DriverFile file, long position, int length, boolean exactly, boolean waitsForMemory) {
    super(file, exactly ? "readExactly" : "read", IoOpcode.READ);
    this.exactly = exactly;
    this.waitsForMemory = waitsForMemory;
    int mask = file.alignment() - 1;
    this.head = (int) (position & mask);
    this.first = position - head;
    this.span = (head + length + mask) & ~mask;
    this.wanted = length;
    this.position = first;
    this.length = span;
  }

  /**
   * One that others wait for who have memory, so that it must not wait for theirs: its own may be
   * beside the limit. The caller bounds how many there are and how long they are.
   */
  static FileRead withoutWaiting(DriverFile file, long position, int length) {
    return new FileRead(file, position, length, false, false);
  }

  @Override
  void begin() {
    if (waitsForMemory) {
      lease(span);
      return;
    }
    IoBuffer memory;
    try {
      memory = executor().buffers().acquireOrAllocate(span, this);
    } catch (BufferMemoryException exhausted) {
      complete(-Errno.ENOMEM, exhausted);
      return;
    }
    leased(memory);
  }

  @Override
  void leased(IoBuffer memory) {
    buffer = memory;
    submit();
  }

  @Override
  boolean step(int result, @Nullable Object payload) {
    if (result < 0) {
      fail(result, payload);
      return true;
    }
    done += result;
    if (isAtEnd(result)) {
      finish();
      return true;
    }
    if (isCancelled()) {
      fail(Errno.ECANCELED, null);
      return true;
    }
    position = first + done;
    bufferOffset = done;
    length = span - done;
    submit();
    return false;
  }

  /** Direct reads that stop within a block have met the end of the file. */
  private boolean isAtEnd(int result) {
    boolean withinBlock = (done & (target().alignment() - 1)) != 0;
    return result == 0 || withinBlock || done >= head + wanted;
  }

  private void finish() {
    int found = Math.max(0, Math.min(done - head, wanted));
    if (exactly && found < wanted) {
      String end = "the file ends after " + found + " of " + wanted + " bytes from position ";
      fail(Errno.ENODATA, new EOFException(end + (first + head)));
      return;
    }
    int from = found == 0 ? 0 : head;
    succeed(Objects.requireNonNull(buffer).setIndex(from, from + found));
    buffer = null;
  }

  @Override
  void ended() {
    releaseBuffer();
  }

  @Override
  void discard(IoBuffer value) {
    value.release();
  }
}
