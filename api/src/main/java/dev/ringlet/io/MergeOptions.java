package dev.ringlet.io;

/**
 * How {@link AsyncFile#parts} merges reads. Immutable.
 *
 * @param maxGap how many bytes that nobody has asked for may be read between two ranges to merge
 *     them, zero or more; 0 merges what is adjacent or overlaps
 * @param maxMerged how long a merged read may be, 1 to 1 GiB bytes; a longer range is read alone
 * @param concurrency how many reads may be under way or waiting to be taken, 1 to 1024; together
 *     they hold {@code concurrency} times the longer of {@code maxMerged} and the longest range
 */
public record MergeOptions(int maxGap, int maxMerged, int concurrency) {
  private static final MergeOptions DEFAULTS = new MergeOptions(4096, 128 * 1024, 8);

  /** Checks the ranges. */
  public MergeOptions {
    if (maxGap < 0) {
      throw new IllegalArgumentException("maxGap: " + maxGap + "; give zero or more");
    }
    if (maxMerged < 1 || maxMerged > 1 << 30) {
      throw new IllegalArgumentException("maxMerged: " + maxMerged + "; give 1 to " + (1 << 30));
    }
    if (concurrency < 1 || concurrency > 1024) {
      throw new IllegalArgumentException("concurrency: " + concurrency + "; give 1 to 1024");
    }
  }

  /**
   * Gaps up to 4 KiB, merged reads up to 128 KiB, 8 at a time.
   *
   * @return the options
   */
  public static MergeOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets how many bytes may be read that nobody has asked for.
   *
   * @param bytes between two ranges, zero or more
   * @return the changed copy
   */
  public MergeOptions withMaxGap(int bytes) {
    return new MergeOptions(bytes, maxMerged, concurrency);
  }

  /**
   * Sets how long a merged read may be.
   *
   * @param bytes 1 to 1 GiB; 1 merges nothing but equal ranges of a byte
   * @return the changed copy
   */
  public MergeOptions withMaxMerged(int bytes) {
    return new MergeOptions(maxGap, bytes, concurrency);
  }

  /**
   * Sets how many reads may be under way or waiting to be taken.
   *
   * @param reads 1 to 1024
   * @return the changed copy
   */
  public MergeOptions withConcurrency(int reads) {
    return new MergeOptions(maxGap, maxMerged, reads);
  }
}
