package dev.ringlet.scheduler;

import dev.ringlet.executor.DiskQueueStats;
import dev.ringlet.executor.PriorityClass;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one priority class that wait for the disk, first in first out, linked through
 * themselves, and the class's account. Made by any thread, used by the owner executor only, but for
 * {@link #stats}.
 */
final class DiskAccount extends ShareAccount {
  private @Nullable DiskOperation<?> head;
  private @Nullable DiskOperation<?> tail;

  private final Counter waiting = new Counter();
  private final Counter waitingPeak = new Counter();
  private final DelayCounts waits = new DelayCounts();

  DiskAccount(PriorityClass priorityClass) {
    super(priorityClass);
  }

  boolean isEmpty() {
    return head == null;
  }

  /** There must be one. */
  DiskOperation<?> first() {
    return Objects.requireNonNull(head);
  }

  void add(DiskOperation<?> op, long nowNanos) {
    DiskOperation<?> last = tail;
    if (last == null) {
      head = op;
    } else {
      last.after = op;
    }
    op.before = last;
    tail = op;
    op.waitsSinceNanos = nowNanos;
    waiting.add(1);
    waitingPeak.add(Math.max(0, waiting.get() - waitingPeak.get()));
  }

  void remove(DiskOperation<?> op) {
    DiskOperation<?> before = op.before;
    DiskOperation<?> after = op.after;
    if (before == null) {
      head = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      tail = before;
    } else {
      after.before = before;
    }
    op.before = null;
    op.after = null;
    waiting.add(-1);
  }

  /** An operation has got its place. */
  void served(DiskOperation<?> op, long nowNanos) {
    waits.record(nowNanos - op.waitsSinceNanos);
    readShares(nowNanos);
  }

  /** Any thread. */
  DiskQueueStats stats() {
    return new DiskQueueStats(waiting.get(), waitingPeak.get(), waits.snapshot());
  }
}
