package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import java.nio.ByteBuffer;

/** Bytes that are being cut into parts, which may outlive it. Owner executor only. */
final class Piece {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final IoBuffer buffer;
  private final ByteBuffer bytes;
  private int position;

  Piece(IoBuffer buffer) {
    this.buffer = buffer;
    this.bytes = buffer.readable();
  }

  int position() {
    return position;
  }

  int remaining() {
    return bytes.limit() - position;
  }

  void skip(int count) {
    position += count;
  }

  /** The unread bytes as a buffer, which goes over to the caller instead of this. */
  IoBuffer rest() {
    return buffer.skip(position);
  }

  byte get(int index) {
    return bytes.get(index);
  }

  void read(int start, byte[] target, int length) {
    bytes.get(start, target, 0, length);
  }

  ByteBuffer view(int start, int length) {
    return bytes.slice(start, length);
  }

  IoBuffer slice(int start, int length) {
    return buffer.slice(buffer.readerIndex() + start, length);
  }

  /** The first index of a byte among the unread ones, or -1; eight bytes at a time. */
  int find(byte wanted) {
    int limit = bytes.limit();
    int index = position;
    long pattern = ONES * (wanted & 0xff);
    for (; index <= limit - Long.BYTES; index += Long.BYTES) {
      long word = bytes.getLong(index) ^ pattern;
      if (((word - ONES) & ~word & HIGH_BITS) != 0) {
        break; // One of the eight is zero now, so it was the wanted one.
      }
    }
    for (; index < limit; index++) {
      if (bytes.get(index) == wanted) {
        return index;
      }
    }
    return -1;
  }

  void release() {
    buffer.release();
  }
}
