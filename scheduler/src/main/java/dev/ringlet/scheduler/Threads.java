package dev.ringlet.scheduler;

import java.util.concurrent.TimeUnit;

/** Waiting that an interrupt does not cut short; it is remembered for the caller. */
final class Threads {
  private Threads() {}

  /** Whether the thread has ended within the time. */
  static boolean join(Thread thread, long nanos) {
    long end = System.nanoTime() + Math.min(nanos, Long.MAX_VALUE >> 1);
    boolean interrupted = false;
    try {
      while (thread.isAlive()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        try {
          TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(left, 1_000_000));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
