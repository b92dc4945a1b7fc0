package dev.ringlet.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ManualTickerTest {
  @Test
  void timeStandsStillUntilAdvanced() {
    var ticker = new ManualTicker(7);

    assertEquals(7, ticker.nanos());
    assertEquals(7, ticker.nanos());
    assertEquals(1_000_007, ticker.advance(Duration.ofMillis(1)));
    assertEquals(1_000_007, ticker.nanos());
  }

  @Test
  void startsAtZeroUnlessTold() {
    assertEquals(0, new ManualTicker().nanos());
  }

  @Test
  void wrapsAroundAndKeepsDifferencesRight() {
    var ticker = new ManualTicker(Long.MAX_VALUE);
    long before = ticker.nanos();

    ticker.advance(Duration.ofNanos(5));

    assertEquals(Long.MIN_VALUE + 4, ticker.nanos());
    assertEquals(5, ticker.nanos() - before);
  }

  @Test
  void refusesToGoBack() {
    var ticker = new ManualTicker(1);

    assertThrows(IllegalArgumentException.class, () -> ticker.advance(Duration.ofNanos(-1)));
    assertEquals(1, ticker.nanos());
  }

  @Test
  void refusesMoreThanFitsAndStandsStill() {
    var ticker = new ManualTicker(1);

    assertThrows(
        ArithmeticException.class, () -> ticker.advance(Duration.ofSeconds(Long.MAX_VALUE)));
    assertEquals(1, ticker.nanos());
  }
}
