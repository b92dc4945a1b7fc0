package dev.ringlet.executor;

import java.time.Duration;

/**
 * How soon a priority class wants the core when it has something to run. Immutable.
 *
 * @param boundNanos the bound in nanoseconds, or {@link Long#MAX_VALUE} if it is not important
 */
public record Latency(long boundNanos) {
  private static final Latency NOT_IMPORTANT = new Latency(Long.MAX_VALUE);

  /** Checks the range. */
  public Latency {
    if (boundNanos <= 0) {
      throw new IllegalArgumentException("boundNanos: " + boundNanos + "; give more than zero");
    }
  }

  /**
   * A latency class: other classes are asked to give the core back within the bound.
   *
   * @param bound more than zero; the smaller, the more often the core is switched
   * @return the latency
   */
  public static Latency matters(Duration bound) {
    return new Latency(bound.toNanos());
  }

  /**
   * No bound.
   *
   * @return the latency
   */
  public static Latency notImportant() {
    return NOT_IMPORTANT;
  }

  /**
   * Whether there is a bound.
   *
   * @return true for {@link #matters}
   */
  public boolean isBounded() {
    return boundNanos != Long.MAX_VALUE;
  }
}
