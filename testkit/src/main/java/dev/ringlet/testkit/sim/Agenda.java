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

  Agenda(SimClock clock, SimRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** One thing that will be done, unless it is taken back. */
  final class Entry {
    private final long atNanos;
    private final long draw = random.bits();
    private final long number = numbers++;
    private final Runnable action;

    private Entry(long atNanos, Runnable action) {
      this.atNanos = atNanos;
      this.action = action;
    }

    /** Whether it was still to come. */
    boolean cancel() {
      return entries.remove(this);
    }
  }

  Entry in(long nanos, Runnable action) {
    Entry entry = new Entry(Math.addExact(clock.elapsedNanos(), nanos), action);
    entries.add(entry);
    return entry;
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
    entries.remove().action.run();
    return true;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }
}
