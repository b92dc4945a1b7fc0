package dev.ringlet.scheduler;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** How often something may be logged: so many times in each window. Any thread. */
final class LogLimit {
  /** It is not to be logged. */
  static final long SILENT = -1;

  private final int most;
  private final long windowNanos;
  private final AtomicLong windowStart;
  private final AtomicInteger logged = new AtomicInteger();
  private final AtomicLong left = new AtomicLong();

  LogLimit(int most, long windowNanos, long nowNanos) {
    this.most = most;
    this.windowNanos = windowNanos;
    this.windowStart = new AtomicLong(nowNanos);
  }

  /** Gives {@link #SILENT}, or how many were silent since the last that was not. */
  long take(long nowNanos) {
    long start = windowStart.get();
    if (nowNanos - start >= windowNanos && windowStart.compareAndSet(start, nowNanos)) {
      logged.set(0);
    }
    if (logged.get() < most && logged.getAndIncrement() < most) {
      return left.getAndSet(0);
    }
    left.getAndIncrement();
    return SILENT;
  }
}
