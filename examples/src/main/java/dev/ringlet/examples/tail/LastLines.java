package dev.ringlet.examples.tail;

/** Looks for the place where the last lines of a file begin, from its end backwards. */
final class LastLines {
  private final long size;
  private int left;
  private long start;

  /**
   * @param wanted how many lines
   * @param size where the file ends
   */
  LastLines(int wanted, long size) {
    this.size = size;
    this.left = wanted;
    this.start = wanted == 0 ? size : 0;
  }

  /** Whether more has to be looked at. */
  boolean isLooking() {
    return left > 0;
  }

  /** Looks at a block that lies right before the one looked at last. */
  void look(long position, byte[] block) {
    for (int i = block.length - 1; i >= 0 && left > 0; i--) {
      long next = position + i + 1;
      // The end of the very last line is not the beginning of one.
      if (block[i] == '\n' && next != size) {
        left--;
        start = left == 0 ? next : start;
      }
    }
  }

  /** The position of the first of them; the beginning of the file if it has no more. */
  long start() {
    return start;
  }
}
