package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Supervision;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When a failed actor comes back. */
final class RestartHistoryTest {
  private static final long SECOND = 1_000_000_000;

  /** Any time may be the first, and the clock may wrap. */
  private static final long BEGIN = Long.MAX_VALUE - 3 * SECOND;

  private final RestartHistory history = new RestartHistory();

  @Test
  void withoutMoreItComesBackAtOnceAndAlways() {
    for (int i = 0; i < 100_000; i++) {
      assertEquals(0, history.next(Supervision.restart(), BEGIN + i, 0.5));
    }
  }

  @Test
  void theLimitHoldsForAWindowAndThenCountingBeginsAnew() {
    Supervision twice = Supervision.restart().withLimit(2, Duration.ofSeconds(1));
    assertEquals(0, history.next(twice, BEGIN, 0));
    assertEquals(0, history.next(twice, BEGIN + SECOND, 0));
    assertEquals(RestartHistory.TOO_OFTEN, history.next(twice, BEGIN + SECOND, 0));
    for (int window = 2; window < 10; window++) {
      assertEquals(0, history.next(twice, BEGIN + window * 2L * SECOND, 0));
      assertEquals(0, history.next(twice, BEGIN + window * 2L * SECOND + 1, 0));
    }
  }

  @Test
  void noRestartsMeansNone() {
    Supervision never = Supervision.restart().withLimit(0, Duration.ofSeconds(1));
    assertEquals(RestartHistory.TOO_OFTEN, history.next(never, BEGIN, 0));
  }

  @Test
  void thePauseDoublesUpToTheLongestAndBeginsAnewAfterAGoodTime() {
    Supervision backoff =
        Supervision.restart().withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(10), 0);
    long now = BEGIN;
    long[] pauses = new long[100];
    for (int i = 0; i < pauses.length; i++) {
      pauses[i] = history.next(backoff, now, 1);
      now += pauses[i] + SECOND;
    }
    long[] expected =
        LongStream.range(0, pauses.length).map(i -> i > 3 ? 10 * SECOND : SECOND << i).toArray();
    assertArrayEquals(expected, pauses);
    assertEquals(SECOND, history.next(backoff, now + 10 * SECOND + 1, 0));
  }

  @Test
  void jitterAddsUpToItsPart() {
    Supervision backoff =
        Supervision.restart().withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 0.25);
    assertEquals(SECOND, history.next(backoff, BEGIN, 0));
    long longest = history.next(backoff, BEGIN, 1);
    assertEquals(SECOND + SECOND / 4, longest);
    long between = history.next(backoff, BEGIN, 0.5);
    assertTrue(between > SECOND && between < longest, between + " ns");
  }
}
