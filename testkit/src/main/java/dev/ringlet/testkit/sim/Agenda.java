package dev.ringlet.testkit.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What the world will do, and when; among what comes at the same time chance decides. The
 * simulation's thread.
 */
final class Agenda {
  private final SimClock clock;
  private final SimRandom random;
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(
          Comparator.comparingLong((Entry entry) -> entry.atNanos)
              .thenComparingLong(entry -> entry.draw)
              .thenComparingLong(entry -> entry.number));
  private long numbers;
  private int work;

  Agenda(SimClock clock, SimRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** One thing that will be done, unless it is taken back. */
  final class Entry {
    private final long atNanos;
    private final long draw = random.bits();
    private final long number = numbers++;
    private final boolean timer;
    private final Runnable action;

    private Entry(long atNanos, boolean timer, Runnable action) {
      this.atNanos = atNanos;
      this.timer = timer;
      this.action = action;
    }

    /** Whether it was still to come. */
    boolean cancel() {
      boolean present = entries.remove(this);
      if (present) {
        left(this);
      }
      return present;
    }
  }

  /** Something that the world has to do. */
  Entry in(long nanos, Runnable action) {
    return add(new Entry(Math.addExact(clock.elapsedNanos(), nanos), false, action));
  }

  /** Something that happens when its time has come: a world that waits for it only is at rest. */
  Entry timer(long nanos, Runnable action) {
    long now = clock.elapsedNanos();
    return add(
        new Entry(nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos, true, action));
  }

  private Entry add(Entry entry) {
    entries.add(entry);
    work += entry.timer ? 0 : 1;
    return entry;
  }

  private void left(Entry entry) {
    work -= entry.timer ? 0 : 1;
  }

  /** Zero if something is due; {@link Long#MAX_VALUE} if nothing will come. */
  long nanosToNext() {
    Entry next = entries.peek();
    return next == null ? Long.MAX_VALUE : Math.max(0, next.atNanos - clock.elapsedNanos());
  }

  /** Does the next thing that is due; false if nothing is. */
  boolean step() {
    if (nanosToNext() > 0) {
      return false;
    }
    Entry next = entries.remove();
    left(next);
    next.action.run();
    return true;
  }

  /** Whether there are but timers, if anything. */
  boolean rests() {
    return work == 0;
  }
}
