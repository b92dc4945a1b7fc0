package dev.ringlet.scheduler;

import dev.ringlet.actor.Supervision;

/** How often an actor was restarted lately. Owner executor only. */
final class RestartHistory {
  /** The pause doubles this often at most; by then it is longer than any that is allowed. */
  private static final int MAX_DOUBLINGS = 40;

  static final long TOO_OFTEN = -1;

  private int inWindow;
  private long windowStartNanos;
  private int inRow;
  private long lastNanos;

  /**
   * Counts a failure that is to be answered by a restart.
   *
   * @param random 0 to 1, for the jitter
   * @return how long to wait before it, or {@link #TOO_OFTEN}
   */
  long next(Supervision policy, long nowNanos, double random) {
    return isTooOften(policy, nowNanos) ? TOO_OFTEN : pause(policy, nowNanos, random);
  }

  private boolean isTooOften(Supervision policy, long nowNanos) {
    if (inWindow == 0 || nowNanos - windowStartNanos > Nanos.of(policy.window())) {
      inWindow = 0;
      windowStartNanos = nowNanos;
    }
    return inWindow++ >= policy.maxRestarts();
  }

  private long pause(Supervision policy, long nowNanos, double random) {
    long longest = Nanos.of(policy.longestBackoff());
    if (nowNanos - lastNanos > longest) {
      inRow = 0;
    }
    double first = (double) Nanos.of(policy.firstBackoff());
    double doubled = Math.scalb(first, Math.min(inRow, MAX_DOUBLINGS));
    inRow++;
    double pause = Math.min(doubled, (double) longest) * (1 + policy.jitter() * random);
    lastNanos = nowNanos + (long) pause;
    return (long) pause;
  }
}
