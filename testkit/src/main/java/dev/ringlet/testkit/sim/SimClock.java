package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Ticker;
import java.time.Duration;
import java.time.Instant;

/** The time of a simulation. The simulation's thread. */
final class SimClock implements Ticker {
  /** The clock wraps around in the first quarter of an hour: code that compares times breaks. */
  private static final long ORIGIN = Long.MAX_VALUE - 900_000_000_000L;

  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private long elapsed;

  @Override
  public long nanos() {
    return ORIGIN + elapsed;
  }

  /** Since the beginning of the simulation. */
  long elapsedNanos() {
    return elapsed;
  }

  /** The time of day. */
  Instant instant() {
    return BEGINNING.plusNanos(elapsed);
  }

  void advance(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("nanos: " + nanos + "; time only moves forward");
    }
    elapsed = Math.addExact(elapsed, nanos);
  }

  /** So many nanoseconds, or as many as there can be. */
  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooMany) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
