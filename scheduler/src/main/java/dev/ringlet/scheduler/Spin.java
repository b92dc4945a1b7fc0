package dev.ringlet.scheduler;

/**
 * How long an executor with nothing to run looks for work before it parks. Spinning pays where work
 * comes sooner than a parked thread can be woken, and is waste elsewhere, so the time is halved
 * whenever it was spent for nothing, down to none, and doubled whenever a park turns out to have
 * been shorter than the longest spin. Owner executor only.
 */
final class Spin {
  /** Less than this is not worth a turn. */
  private static final long LEAST_NANOS = 1_000;

  private final long maxNanos;
  private long limitNanos;
  private boolean idling;
  private long idleSinceNanos;
  private boolean parked;
  private long parkedSinceNanos;

  Spin(long maxNanos) {
    this.maxNanos = maxNanos;
    this.limitNanos = maxNanos;
  }

  /** Nothing is runnable: whether to look again instead of parking. */
  boolean goesOn(long nowNanos) {
    if (maxNanos == 0) {
      return false;
    }
    if (!idling) {
      idling = true;
      idleSinceNanos = nowNanos;
    }
    if (nowNanos - idleSinceNanos < limitNanos) {
      return true;
    }
    if (limitNanos > 0 && !parked) {
      limitNanos = limitNanos / 2 < LEAST_NANOS ? 0 : limitNanos / 2;
    }
    return false;
  }

  /** The executor parks now. */
  void parks(long nowNanos) {
    if (!parked) {
      parked = true;
      parkedSinceNanos = nowNanos;
    }
  }

  /** Something is runnable. */
  void found(long nowNanos) {
    idling = false;
    if (parked) {
      parked = false;
      if (nowNanos - parkedSinceNanos < maxNanos) {
        limitNanos = Math.min(maxNanos, Math.max(2 * limitNanos, LEAST_NANOS));
      }
    }
  }

  long limitNanos() {
    return limitNanos;
  }
}
