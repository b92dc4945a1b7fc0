package dev.ringlet.testkit;

import dev.ringlet.spi.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until the test advances it. <b>Thread:</b> any thread.
 *
 * <p>{@link System#nanoTime} may start anywhere and may wrap around, and code that compares two
 * times instead of looking at their difference breaks then. A ticker that starts just below {@link
 * Long#MAX_VALUE} finds such code.
 */
public final class ManualTicker implements Ticker {
  private final AtomicLong nanos;

  /** Starts at zero. */
  public ManualTicker() {
    this(0);
  }

  /**
   * Starts at a chosen time.
   *
   * @param startNanos the first time to tell, in nanoseconds; any value
   */
  public ManualTicker(long startNanos) {
    nanos = new AtomicLong(startNanos);
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  /**
   * Lets time pass; wraps around like the machine's clock.
   *
   * @param duration how much; zero or more, at most 292 years
   * @return the time after it, in nanoseconds
   * @throws IllegalArgumentException if the duration is negative: a monotonic clock never goes back
   * @throws ArithmeticException if the duration does not fit into a long of nanoseconds
   */
  public long advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: " + duration + "; time only moves forward");
    }
    return nanos.addAndGet(duration.toNanos());
  }
}
