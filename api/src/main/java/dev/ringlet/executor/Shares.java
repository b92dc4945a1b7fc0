package dev.ringlet.executor;

import java.time.Duration;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The weight of a priority class: classes that compete for a core get time in proportion to their
 * shares; a class that is alone gets all of it.
 *
 * <p>Static shares are a number and equal if the number is. Dynamic shares are read again and again
 * from a supplier and equal only to themselves.
 *
 * <p><b>Thread:</b> any thread; a supplier is called by the executors that run the class.
 */
public final class Shares {
  /** The largest number of shares, and the default. */
  public static final int MAX = 1000;

  /** How often dynamic shares are read unless told otherwise. */
  public static final Duration DEFAULT_PERIOD = Duration.ofMillis(250);

  private final int count;
  private final @Nullable IntSupplier supplier;
  private final long periodNanos;

  private Shares(int count, @Nullable IntSupplier supplier, long periodNanos) {
    this.count = count;
    this.supplier = supplier;
    this.periodNanos = periodNanos;
  }

  /**
   * Shares that never change.
   *
   * @param count 1 to 1000
   * @return the shares
   */
  public static Shares of(int count) {
    if (count < 1 || count > MAX) {
      throw new IllegalArgumentException("shares: " + count + "; give 1 to " + MAX);
    }
    return new Shares(count, null, Long.MAX_VALUE);
  }

  /**
   * Shares that are read again every {@link #DEFAULT_PERIOD} while the class runs.
   *
   * @param supplier see {@link #dynamic(IntSupplier, Duration)}
   * @return the shares
   */
  public static Shares dynamic(IntSupplier supplier) {
    return dynamic(supplier, DEFAULT_PERIOD);
  }

  /**
   * Shares that are read again and again while the class runs.
   *
   * @param supplier gives the number; brought into 1 to 1000 if it is outside. Called on executor
   *     threads, by several executors at once, and must not block. If it throws, the last number
   *     stays and the log says so
   * @param period the least time between two readings on one executor; more than zero
   * @return the shares
   */
  public static Shares dynamic(IntSupplier supplier, Duration period) {
    if (period.isZero() || period.isNegative()) {
      throw new IllegalArgumentException("period: " + period + "; give more than zero");
    }
    return new Shares(0, Objects.requireNonNull(supplier, "supplier"), period.toNanos());
  }

  /**
   * Whether the number may change.
   *
   * @return true for {@link #dynamic}
   */
  public boolean isDynamic() {
    return supplier != null;
  }

  /**
   * The number now; asks the supplier if there is one.
   *
   * @return 1 to 1000
   */
  public int count() {
    return supplier == null ? count : Math.max(1, Math.min(MAX, supplier.getAsInt()));
  }

  /**
   * The least time between two readings.
   *
   * @return nanoseconds; {@link Long#MAX_VALUE} for static shares
   */
  public long periodNanos() {
    return periodNanos;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Shares shares
            && supplier == null
            && shares.supplier == null
            && count == shares.count);
  }

  @Override
  public int hashCode() {
    return supplier == null ? count : System.identityHashCode(supplier);
  }

  @Override
  public String toString() {
    return supplier == null ? count + " shares" : "dynamic shares";
  }
}
