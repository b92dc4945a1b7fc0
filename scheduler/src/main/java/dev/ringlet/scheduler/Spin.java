package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;

/**
 * How long an executor with nothing to run looks for work before it parks. Spinning pays where work
 * comes sooner than a parked thread can be woken, and is waste elsewhere, so it adapts:
 *
 * <ul>
 *   <li>work was sent while it spun: the longest time is allowed;
 *   <li>it spun for nothing, or for a timer, whose time was known: half the time is allowed, down
 *       to none;
 *   <li>idle for less than twice the longest time although it parked: worth a try with the longest
 *       time, but each try that fails doubles the number of such spells before the next one.
 * </ul>
 *
 * <p>Owner executor only.
 */
final class Spin {
  /** Less than this is not worth a turn. */
  private static final long LEAST_NANOS = 1_000;

  private static final int MAX_SPELLS_BETWEEN_TRIES = 1024;

  /** On a CPU of one's own. */
  private static final long DEDICATED_NANOS = 50_000;

  private final long maxNanos;
  private long limitNanos;
  private boolean idling;
  private long idleSinceNanos;
  private boolean parked;
  private int spellsBetweenTries = 1;
  private int spellsToNextTry = 1;

  Spin(long maxNanos) {
    this.maxNanos = maxNanos;
    this.limitNanos = maxNanos;
  }

  /** The longest time. Waiting for work on a core of one's own keeps nobody else from it. */
  static long most(ExecutorPool pool, boolean dedicated) {
    if (pool.spinNanos() >= 0) {
      return pool.spinNanos();
    }
    return dedicated ? DEDICATED_NANOS : 0;
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
    if (!parked && nowNanos - idleSinceNanos < limitNanos) {
      return true;
    }
    if (!parked) {
      parked = true;
      halve();
    }
    return false;
  }

  private void halve() {
    limitNanos = limitNanos / 2 < LEAST_NANOS ? 0 : limitNanos / 2;
  }

  /**
   * Something is runnable.
   *
   * @param sent whether it was sent by somebody; a timer would have ended a park in time
   */
  void found(long nowNanos, boolean sent) {
    if (!idling) {
      return;
    }
    idling = false;
    if (!parked) {
      if (sent) {
        limitNanos = maxNanos;
        spellsBetweenTries = 1;
        spellsToNextTry = 1;
      } else {
        halve();
      }
      return;
    }
    parked = false;
    if (sent && nowNanos - idleSinceNanos < 2 * maxNanos && --spellsToNextTry == 0) {
      limitNanos = maxNanos;
      spellsBetweenTries = Math.min(MAX_SPELLS_BETWEEN_TRIES, 2 * spellsBetweenTries);
      spellsToNextTry = spellsBetweenTries;
    }
  }

  long limitNanos() {
    return limitNanos;
  }
}
