package dev.ringlet.spi;

/** The clock that timers and time slices go by. <b>Thread:</b> any thread. */
@FunctionalInterface
public interface Ticker {
  /** The machine's monotonic clock. */
  Ticker SYSTEM = System::nanoTime;

  /**
   * The time now; only differences mean something.
   *
   * @return nanoseconds
   */
  long nanos();
}
