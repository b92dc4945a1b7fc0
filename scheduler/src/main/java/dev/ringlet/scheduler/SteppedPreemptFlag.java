package dev.ringlet.scheduler;

import dev.ringlet.spi.Ticker;
import java.util.function.BooleanSupplier;

/**
 * Of a system that is stepped, whose clock may stand still: each point asks whether the slice ends
 * there, and makes a look. A slice that nobody ends is over after a few, so that a step has an end.
 */
final class SteppedPreemptFlag extends PreemptFlag {
  private static final int POINTS_PER_SLICE = 8;

  private final BooleanSupplier preempts;
  private int points;

  private SteppedPreemptFlag(Ticker ticker, Lookout lookout, BooleanSupplier preempts) {
    super(ticker, lookout);
    this.preempts = preempts;
  }

  /** As a flag of any kind: who calls it can be verified without loading this class. */
  static PreemptFlag of(Ticker ticker, Lookout lookout, BooleanSupplier preempts) {
    return new SteppedPreemptFlag(ticker, lookout, preempts);
  }

  @Override
  void arm(long nowNanos, long endNanos, boolean watch, int lastStride) {
    super.arm(nowNanos, endNanos, watch, lastStride);
    points = 0;
  }

  @Override
  boolean needPreempt() {
    points++;
    return look();
  }

  @Override
  boolean endsHere() {
    return look();
  }

  @Override
  boolean isOver(long nowNanos) {
    // Asked in any case: how often chance is asked follows from what actors do, and nothing else.
    boolean ends = preempts.getAsBoolean();
    return ends || points >= POINTS_PER_SLICE || super.isOver(nowNanos);
  }
}
