package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When the core must be given back, by a clock that the test moves. */
final class PreemptFlagTest {
  private static final long SLICE = 1_000_000;

  private final IdleDriver driver = new IdleDriver();
  private long now;
  private int looksAtTheClock;
  private final PreemptFlag preempt =
      new PreemptFlag(
          driver,
          () -> {
            looksAtTheClock++;
            return now;
          });

  private void turn() {
    preempt.clear();
    preempt.arm(now, SLICE);
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
  void aRequestOfAnotherThreadIsSeenAtOnceAndUntilTheNextTurn() {
    turn();
    preempt.request();
    assertTrue(preempt.needPreempt());
    assertTrue(preempt.needPreempt());
    turn();
    assertFalse(preempt.needPreempt());
  }

  @Test
  void completionsPreemptOnlyWhereSomebodyMayBeInAHurry() {
    turn();
    driver.completionsPending = true;
    preempt.watchCompletions(false);
    for (int i = 0; i < 100; i++) {
      assertFalse(preempt.needPreempt());
    }
    assertEquals(0, driver.looks);
    preempt.watchCompletions(true);
    int calls = 0;
    while (!preempt.needPreempt()) {
      calls++;
    }
    assertTrue(calls <= 64, calls + " calls");
  }

  @Test
  void aLatencyClassThatWakesShortensTheSlice() {
    turn();
    preempt.shorten(50_000);
    while (!preempt.needPreempt()) {
      now += 100;
    }
    assertTrue(now <= 50_000 + 64 * 100, "after " + now + " ns");
  }
}
