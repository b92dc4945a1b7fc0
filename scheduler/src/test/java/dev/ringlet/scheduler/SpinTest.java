package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When looking for work pays, by a clock that the test moves. */
final class SpinTest {
  private static final long MAX = 50_000;

  private final Spin spin = new Spin(MAX);
  private long now;
  private long spun;

  /** A spell of idleness of a given length; work comes at its end. */
  private void idleFor(long nanos, boolean sent) {
    long end = now + nanos;
    while (now < end && spin.goesOn(now)) {
      now += 100;
      spun += 100;
    }
    now = Math.max(now, end);
    spin.found(now, sent);
  }

  @Test
  void workThatComesSoonIsWaitedForEachTime() {
    for (int i = 0; i < 1000; i++) {
      idleFor(20_000, true);
    }
    assertEquals(1000 * 20_000, spun);
  }

  @Test
  void workThatComesLateCostsNoCoreAfterAWhile() {
    for (int i = 0; i < 10_000; i++) {
      idleFor(1_000_000, true);
    }
    assertTrue(spun <= 2 * MAX, spun + " ns spun for nothing");
  }

  @Test
  void workThatComesALittleTooLateIsTriedForMoreAndMoreSeldom() {
    for (int i = 0; i < 100_000; i++) {
      idleFor(80_000, true);
    }
    assertTrue(spun <= 100_000L * 80_000 / 100, spun + " ns spun for nothing");
  }

  @Test
  void itIsFoundOutWhenWorkComesSoonAgain() {
    for (int i = 0; i < 100; i++) {
      idleFor(10_000_000, true);
    }
    spun = 0;
    for (int i = 0; i < 1000; i++) {
      idleFor(20_000, true);
    }
    assertTrue(spun >= 990 * 20_000, spun + " ns");
  }

  @Test
  void nobodySpinsForTimers() {
    for (int i = 0; i < 10_000; i++) {
      idleFor(40_000, false);
    }
    assertTrue(spun <= 2 * MAX, spun + " ns spun for nothing");
  }

  @Test
  void withoutTimeItParksAtOnce() {
    Spin none = new Spin(0);
    assertFalse(none.goesOn(0));
    none.found(10, true);
    assertFalse(none.goesOn(20));
  }
}
