package dev.ringlet.uring;

import org.jspecify.annotations.Nullable;

/**
 * The pipe between a file and a socket: the kernel moves pages past user space only from or to a
 * pipe. What is in it is known by where it came from. <b>Thread:</b> owner executor.
 */
final class SplicePipe {
  private final int readEnd;
  private final int writeEnd;
  private final int capacity;
  private @Nullable UringHandle file;
  private long position;
  private int left;

  SplicePipe(int readEnd, int writeEnd, int capacity) {
    this.readEnd = readEnd;
    this.writeEnd = writeEnd;
    this.capacity = capacity;
  }

  int readEnd() {
    return readEnd;
  }

  int writeEnd() {
    return writeEnd;
  }

  /** How many bytes go in without waiting. */
  int capacity() {
    return capacity;
  }

  /** How many bytes are in it. */
  int left() {
    return left;
  }

  /** Bytes of a file came into it, when it was empty. */
  void filled(@Nullable UringHandle from, long fromPosition, int bytes) {
    file = from;
    position = fromPosition;
    left = bytes;
  }

  void drained(int bytes) {
    position += bytes;
    left -= bytes;
    if (left == 0) {
      file = null;
    }
  }

  /** Whether the next byte in it is this one. */
  boolean continuesWith(@Nullable UringHandle otherFile, long otherPosition) {
    return left > 0 && file == otherFile && position == otherPosition;
  }

  void close() {
    Libc.close(readEnd);
    Libc.close(writeEnd);
  }
}
