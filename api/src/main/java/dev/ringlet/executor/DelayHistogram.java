package dev.ringlet.executor;

import java.util.Arrays;

/**
 * How long something took, how often. Immutable snapshot.
 *
 * <p>Bucket {@code i} counts delays of less than {@code 2^i} nanoseconds that no earlier bucket
 * counts, the last one all that are longer; so a percentile is right within a factor of two.
 */
public final class DelayHistogram {
  /** The number of buckets; the last begins at about 9 minutes. */
  public static final int BUCKETS = 40;

  private final long[] counts;
  private final long maxNanos;

  /**
   * Copies the counts.
   *
   * @param counts one number per bucket
   * @param maxNanos the longest delay
   */
  public DelayHistogram(long[] counts, long maxNanos) {
    if (counts.length != BUCKETS) {
      throw new IllegalArgumentException("counts: " + counts.length + " buckets; give " + BUCKETS);
    }
    this.counts = counts.clone();
    this.maxNanos = maxNanos;
  }

  /**
   * The bucket of a delay.
   *
   * @param nanos zero or more
   * @return 0 to {@link #BUCKETS} - 1
   */
  public static int bucket(long nanos) {
    return Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, nanos)));
  }

  /**
   * How many delays were counted.
   *
   * @return zero or more
   */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /**
   * The longest delay.
   *
   * @return nanoseconds, 0 if none was counted
   */
  public long maxNanos() {
    return maxNanos;
  }

  /**
   * The delay that this part of all does not exceed, rounded up to a power of two.
   *
   * @param percentile more than 0 to 100, such as 99.9
   * @return nanoseconds, at most {@link #maxNanos()}; 0 if none was counted
   */
  public long percentileNanos(double percentile) {
    if (!(percentile > 0 && percentile <= 100)) {
      throw new IllegalArgumentException(
          "percentile: " + percentile + "; give more than 0 and at most 100");
    }
    long wanted = (long) Math.ceil(count() * percentile / 100);
    long seen = 0;
    for (int i = 0; i < BUCKETS - 1; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return Math.min(maxNanos, 1L << i);
      }
    }
    return maxNanos;
  }

  @Override
  public String toString() {
    return count()
        + " delays, p50 "
        + percentileNanos(50)
        + " ns, p99 "
        + percentileNanos(99)
        + " ns, max "
        + maxNanos
        + " ns";
  }
}
