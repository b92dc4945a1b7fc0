package dev.ringlet.examples.kv;

import dev.ringlet.io.IoBuffer;
import java.util.ArrayDeque;

/**
 * Log bytes that are not written yet. <b>Thread:</b> the shard's.
 *
 * <p>Small pieces are copied together, large ones kept as references: a value of 16 MiB in the log
 * costs no second copy. Bytes are only forgotten when they are known to be written, so that a
 * failed write can be repeated.
 */
final class LogBuffer implements LogEncoder.Output {
  private static final int BLOCK_BYTES = 64 << 10;

  /** Pieces of at least this size are kept as references. */
  private static final int REFERENCE_BYTES = 16 << 10;

  /**
   * A part of an array that will not change.
   *
   * @param bytes the array
   * @param from first index
   * @param to index after the last
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Segment(byte[] bytes, int from, int to) {}

  /** What comes before the block. */
  private final ArrayDeque<Segment> sealed = new ArrayDeque<>();

  /** How much of the first segment is written. */
  private int sealedOffset;

  private byte[] block = new byte[BLOCK_BYTES];
  private int blockStart;
  private int blockEnd;
  private long size;

  long size() {
    return size;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    size += length;
    if (length >= REFERENCE_BYTES) {
      seal();
      sealed.add(new Segment(bytes, offset, offset + length));
      return;
    }
    int rest = length;
    while (rest > 0) {
      if (blockEnd == BLOCK_BYTES) {
        seal();
        block = new byte[BLOCK_BYTES];
        blockStart = 0;
        blockEnd = 0;
      }
      int part = Math.min(rest, BLOCK_BYTES - blockEnd);
      System.arraycopy(bytes, offset + length - rest, block, blockEnd, part);
      blockEnd += part;
      rest -= part;
    }
  }

  private void seal() {
    if (blockEnd > blockStart) {
      sealed.add(new Segment(block, blockStart, blockEnd));
      blockStart = blockEnd;
    }
  }

  /** Copies the oldest bytes without forgetting them. */
  void copyTo(IoBuffer target, int length) {
    int rest = length;
    int skip = sealedOffset;
    for (Segment segment : sealed) {
      int part = Math.min(rest, segment.to() - segment.from() - skip);
      target.write(segment.bytes(), segment.from() + skip, part);
      rest -= part;
      skip = 0;
      if (rest == 0) {
        return;
      }
    }
    target.write(block, blockStart, rest);
  }

  /** Forgets the oldest bytes. */
  void consume(int length) {
    size -= length;
    int rest = length;
    while (rest > 0 && !sealed.isEmpty()) {
      Segment first = sealed.element();
      int part = Math.min(rest, first.to() - first.from() - sealedOffset);
      sealedOffset += part;
      rest -= part;
      if (first.from() + sealedOffset == first.to()) {
        sealed.remove();
        sealedOffset = 0;
      }
    }
    blockStart += rest;
    if (blockStart == blockEnd && sealed.isEmpty()) {
      // Nothing refers to the block any more: use it from its begin again.
      blockStart = 0;
      blockEnd = 0;
    }
  }
}
