package dev.ringlet.testkit.sim;

import java.util.ArrayDeque;
import java.util.List;

/**
 * What has happened, line by line: the last lines, and a hash of all of them, by which two runs are
 * compared. The simulation's thread.
 */
final class Trace {
  private static final int KEPT = 400;
  private static final long OFFSET = 0xcbf29ce484222325L;

  /** Of FNV-1a, 64 bits. */
  private static final long PRIME = 0x100000001b3L;

  private final SimClock clock;
  private final ArrayDeque<String> last = new ArrayDeque<>();
  private long hash = OFFSET;
  private long lines;

  Trace(SimClock clock) {
    this.clock = clock;
  }

  void add(String line) {
    long nanos = clock.elapsedNanos();
    mix(nanos);
    for (int i = 0; i < line.length(); i++) {
      mix(line.charAt(i));
    }
    lines++;
    if (last.size() == KEPT) {
      last.remove();
    }
    last.add(nanos + " " + line);
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

  /** The last ones, the oldest first. */
  List<String> last() {
    return List.copyOf(last);
  }
}
