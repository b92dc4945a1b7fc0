package dev.ringlet.examples.limiter;

import java.util.concurrent.TimeUnit;

/** A token bucket: full at first, filled up as time goes by, one token for each call. */
final class Bucket {
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Limits limits;

  /** In units of which a token has {@link #NANOS}, so that nothing is lost to rounding. */
  private long level;

  private long filledAtNanos;

  Bucket(Limits limits, long nowNanos) {
    this.limits = limits;
    this.level = limits.burst() * NANOS;
    this.filledAtNanos = nowNanos;
  }

  /** Takes a token, if there is one. */
  boolean take(long nowNanos) {
    long full = limits.burst() * NANOS;
    long passed = Math.max(0, nowNanos - filledAtNanos);
    boolean fillsUp = passed >= full / limits.perSecond() + 1;
    level = fillsUp ? full : Math.min(full, level + passed * limits.perSecond());
    filledAtNanos += passed;
    if (level < NANOS) {
      return false;
    }
    level -= NANOS;
    return true;
  }
}
