package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class LogLimitTest {
  @Test
  void soManyAreLoggedInAWindowAndTheNextTellsHowManyWereNot() {
    LogLimit limit = new LogLimit(2, 100, 1000);
    assertEquals(0, limit.take(1000));
    assertEquals(0, limit.take(1010));
    assertEquals(LogLimit.SILENT, limit.take(1020));
    assertEquals(LogLimit.SILENT, limit.take(1099));
    assertEquals(2, limit.take(1100));
    assertEquals(0, limit.take(1150));
    assertEquals(LogLimit.SILENT, limit.take(1160));
    assertEquals(1, limit.take(5000));
  }

  @Test
  void theClockMayWrap() {
    LogLimit limit = new LogLimit(1, 100, Long.MAX_VALUE - 10);
    assertEquals(0, limit.take(Long.MAX_VALUE - 10));
    assertEquals(LogLimit.SILENT, limit.take(Long.MAX_VALUE));
    assertEquals(1, limit.take(Long.MIN_VALUE + 90));
  }
}
