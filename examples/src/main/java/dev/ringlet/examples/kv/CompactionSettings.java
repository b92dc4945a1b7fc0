package dev.ringlet.examples.kv;

import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * When logs are compacted, and how. Immutable.
 *
 * @param factor a log is compacted when it is longer than so many times what its live keys need; 1
 *     or more, or 0 for never. More saves writing, less saves disk and time of the next start
 * @param minBytes logs up to this length are left alone
 * @param retryPause how long to wait after a failure
 * @param files names in the data folder
 * @param observer is told each step of each shard, on the thread that makes it
 */
record CompactionSettings(
    double factor,
    long minBytes,
    Duration retryPause,
    LogFiles files,
    BiConsumer<Integer, CompactionStep> observer) {
  static final double DEFAULT_FACTOR = 2;
  static final long DEFAULT_MIN_BYTES = 16L << 20;
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(30);

  CompactionSettings(double factor, long minBytes) {
    this(factor, minBytes, RETRY_PAUSE, new LogFiles(), (shard, step) -> {});
  }

  static CompactionSettings defaults() {
    return new CompactionSettings(DEFAULT_FACTOR, DEFAULT_MIN_BYTES);
  }

  /** Whether a log is so long that it should be compacted. */
  boolean isDue(long logBytes, long liveBytes) {
    return factor > 0 && logBytes > minBytes && logBytes > factor * liveBytes;
  }
}
