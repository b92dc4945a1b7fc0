package dev.ringlet.examples.limiter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BucketTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Bucket bucket = new Bucket(new Limits(3, 2), 0);

  private long takenOf(long calls, long fromNanos, long stepNanos) {
    return LongStream.range(0, calls).filter(i -> bucket.take(fromNanos + i * stepNanos)).count();
  }

  @Test
  void burstAndThenTheRate() {
    assertEquals(2, takenOf(10, 0, 0));
    assertFalse(bucket.take(SECOND / 3));
    assertTrue(bucket.take(SECOND / 3 + 1));
  }

  @Test
  void nothingIsLostToRounding() {
    assertEquals(2 + 300, takenOf(1 + 100_000, 0, 100 * SECOND / 100_000));
  }

  @Test
  void itIsNeverMoreThanFull() {
    assertEquals(2, takenOf(10, 0, 0));
    assertEquals(2, takenOf(10, Long.MAX_VALUE / 2, 0));
  }

  @Test
  void timeThatGoesBackGivesNothing() {
    assertEquals(2, takenOf(2, SECOND, 0));
    assertFalse(bucket.take(0));
    assertFalse(bucket.take(SECOND));
  }

  @Test
  void largestLimits() {
    Bucket largest = new Bucket(new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE), 0);
    assertTrue(largest.take(0));
    assertTrue(largest.take(SECOND - 1));
    assertTrue(largest.take(Long.MAX_VALUE));
  }

  @Test
  void limitsThatCannotWorkAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Limits(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Limits(1, 0));
  }
}
