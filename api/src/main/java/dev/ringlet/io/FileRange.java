package dev.ringlet.io;

/**
 * A part of a file. Immutable.
 *
 * @param position offset of the first byte, zero or more
 * @param length how many bytes, 1 to 1 GiB
 */
public record FileRange(long position, int length) {
  /** Checks the ranges. */
  public FileRange {
    if (position < 0 || position > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          "position: " + position + "; give zero or more, the end must be a position too");
    }
    if (length < 1 || length > 1 << 30) {
      throw new IllegalArgumentException("length: " + length + "; give 1 to " + (1 << 30));
    }
  }

  /**
   * The position behind the last byte.
   *
   * @return more than {@link #position()}
   */
  public long end() {
    return position + length;
  }
}
