package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When the core must be given back, by a clock that the test moves. */
final class PreemptFlagTest {
  private static final long SLICE = 1_000_000;

  private long now;
  private int looksAtTheClock;
  private int lookouts;
  private boolean urgentWaits;
  private final PreemptFlag preempt =
      new PreemptFlag(
          () -> {
            looksAtTheClock++;
            return now;
          },
          time -> {
            lookouts++;
            return urgentWaits;
          });

  private void turn() {
    turn(false);
  }

  private void turn(boolean watch) {
    preempt.clear();
    preempt.arm(now, now + SLICE, watch, preempt.stride());
  }

  @Test
  void theSliceEndsAsTimeGoesBy() {
    turn();
    long start = now;
    while (!preempt.needPreempt()) {
      now += 100;
    }
    long over = now - start - SLICE;
    assertTrue(over >= 0 && over <= 64 * 100, "over by " + over + " ns");
    turn();
    assertFalse(preempt.needPreempt());
  }

  @Test
  void theClockIsReadSeldomByThoseWhoAskOftenAndAlwaysByThoseWhoAskSeldom() {
    turn();
    for (int i = 0; i < 10_000; i++) {
      now += 10;
      preempt.needPreempt();
    }
    assertTrue(looksAtTheClock <= 10_000 / 60, looksAtTheClock + " looks");
    preempt.activation();
    looksAtTheClock = 0;
    for (int i = 0; i < 40; i++) {
      now += 20_000;
      preempt.needPreempt();
    }
    assertTrue(looksAtTheClock >= 40 - 8, looksAtTheClock + " looks of 40");
  }

  @Test
  void aRequestOfAnotherThreadIsLookedAtAtOnceAndOnce() {
    turn();
    for (int i = 0; i < 100; i++) {
      preempt.needPreempt();
    }
    preempt.request();
    assertFalse(preempt.needPreempt(), "it was for nobody more urgent");
    assertEquals(1, lookouts);
    for (int i = 0; i < 100; i++) {
      assertFalse(preempt.needPreempt());
    }
    assertEquals(1, lookouts);
  }

  @Test
  void whoWasPreemptedHearsItUntilTheNextSlice() {
    turn();
    urgentWaits = true;
    preempt.request();
    assertTrue(preempt.needPreempt());
    assertTrue(preempt.needPreempt());
    assertTrue(preempt.preempted());
    assertEquals(1, lookouts);
    turn();
    assertFalse(preempt.needPreempt());
  }

  @Test
  void workIsLookedForOnlyWhereSomebodyMayBeInAHurry() {
    turn();
    urgentWaits = true;
    for (int i = 0; i < 100; i++) {
      assertFalse(preempt.needPreempt());
    }
    assertEquals(0, lookouts);
    turn(true);
    int calls = 0;
    while (!preempt.needPreempt()) {
      calls++;
    }
    assertTrue(calls <= 64, calls + " calls");
  }

  @Test
  void aLatencyClassThatWakesShortensTheSlice() {
    turn();
    preempt.shorten(now + 50_000);
    while (!preempt.needPreempt()) {
      now += 100;
    }
    assertTrue(now <= 50_000 + 64 * 100, "after " + now + " ns");
  }
}
