package dev.ringlet.testkit.sim;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;

/**
 * What has happened, line by line: the last lines, and a hash of all of them, by which two runs are
 * compared. The simulation's thread.
 */
final class Trace {
  /** A power of two. */
  private static final int KEPT = 512;

  private static final long OFFSET = 0xcbf29ce484222325L;

  /** Of FNV-1a, 64 bits. */
  private static final long PRIME = 0x100000001b3L;

  private final SimClock clock;
  private final long[] times = new long[KEPT];
  private final String[] texts = new String[KEPT];
  private long hash = OFFSET;
  private long lines;

  Trace(SimClock clock) {
    this.clock = clock;
  }

  void add(String line) {
    long nanos = clock.elapsedNanos();
    mix(nanos);
    mix(line.hashCode());
    int slot = (int) (lines & (KEPT - 1));
    times[slot] = nanos;
    texts[slot] = line;
    lines++;
  }

  private void mix(long value) {
    hash = (hash ^ value) * PRIME;
  }

  long hash() {
    return hash;
  }

  long lines() {
    return lines;
  }

  /** The last ones, the oldest first; not to be used while others come. */
  List<String> last() {
    long first = Math.max(0, lines - KEPT);
    return new AbstractList<>() {
      // Put together when they are read: of a run that has passed they are not.
      @Override
      public String get(int index) {
        int slot = (int) ((first + Objects.checkIndex(index, size())) & (KEPT - 1));
        return times[slot] + " " + texts[slot];
      }

      @Override
      public int size() {
        return (int) (lines - first);
      }
    };
  }
}
