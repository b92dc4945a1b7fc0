package dev.ringlet.scheduler;

import dev.ringlet.executor.DelayHistogram;
import java.util.concurrent.atomic.AtomicLongArray;

/** The histogram that an executor fills while others read it; see {@link Counter}. */
final class DelayCounts {
  private final AtomicLongArray counts = new AtomicLongArray(DelayHistogram.BUCKETS);
  private final Counter max = new Counter();

  /** Owner only. */
  void record(long nanos) {
    int bucket = DelayHistogram.bucket(nanos);
    counts.setOpaque(bucket, counts.getOpaque(bucket) + 1);
    long over = nanos - max.get();
    if (over > 0) {
      max.add(over);
    }
  }

  /** Any thread. */
  DelayHistogram snapshot() {
    long[] copy = new long[DelayHistogram.BUCKETS];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.getOpaque(i);
    }
    return new DelayHistogram(copy, max.get());
  }
}
