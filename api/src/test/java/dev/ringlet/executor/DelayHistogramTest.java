package dev.ringlet.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class DelayHistogramTest {
  private static DelayHistogram of(long... nanos) {
    long[] counts = new long[DelayHistogram.BUCKETS];
    long max = 0;
    for (long delay : nanos) {
      counts[DelayHistogram.bucket(delay)]++;
      max = Math.max(max, delay);
    }
    return new DelayHistogram(counts, max);
  }

  @Test
  void aBucketEndsWhereTheNextPowerOfTwoBegins() {
    assertEquals(0, DelayHistogram.bucket(-1));
    assertEquals(0, DelayHistogram.bucket(0));
    for (int i = 1; i < DelayHistogram.BUCKETS - 1; i++) {
      assertEquals(i, DelayHistogram.bucket(1L << (i - 1)));
      assertEquals(i, DelayHistogram.bucket((1L << i) - 1));
    }
    assertEquals(DelayHistogram.BUCKETS - 1, DelayHistogram.bucket(Long.MAX_VALUE));
  }

  @Test
  void aPercentileIsAtMostTwiceTooLargeAndNeverTooSmall() {
    DelayHistogram histogram = of(100, 200, 300, 400, 500, 600, 700, 800, 900, 5_000);
    assertEquals(10, histogram.count());
    assertEquals(128, histogram.percentileNanos(10));
    assertEquals(512, histogram.percentileNanos(50));
    assertEquals(1024, histogram.percentileNanos(90));
    assertEquals(5_000, histogram.percentileNanos(91));
    assertEquals(5_000, histogram.percentileNanos(100));
    assertEquals(5_000, histogram.maxNanos());
  }

  @Test
  void whatIsTooLongForTheBucketsIsTheMaximum() {
    long hour = 3_600_000_000_000L;
    assertEquals(hour, of(hour, hour).percentileNanos(50));
  }

  @Test
  void nothingCountedIsNothingLate() {
    assertEquals(0, of().count());
    assertEquals(0, of().percentileNanos(99));
    assertEquals(0, of().maxNanos());
  }

  @Test
  void theCountsAreCopied() {
    long[] counts = new long[DelayHistogram.BUCKETS];
    DelayHistogram histogram = new DelayHistogram(counts, 0);
    counts[3] = 7;
    assertEquals(0, histogram.count());
  }

  @Test
  void badInputIsNamed() {
    assertThrows(IllegalArgumentException.class, () -> new DelayHistogram(new long[3], 0));
    assertThrows(IllegalArgumentException.class, () -> of(1).percentileNanos(0));
    assertThrows(IllegalArgumentException.class, () -> of(1).percentileNanos(100.1));
    assertThrows(IllegalArgumentException.class, () -> of(1).percentileNanos(Double.NaN));
  }
}
