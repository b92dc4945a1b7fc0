package dev.ringlet.scheduler;

import java.time.Duration;

/** Durations as nanoseconds; what does not fit is a century, so that sums of two still do. */
final class Nanos {
  private static final Duration CENTURY = Duration.ofDays(36_500);

  private Nanos() {}

  static long of(Duration duration) {
    return duration.compareTo(CENTURY) < 0 ? duration.toNanos() : CENTURY.toNanos();
  }
}
