package dev.ringlet.scheduler;

import dev.ringlet.io.FileRange;
import dev.ringlet.io.MergeOptions;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One read for some ranges that follow each other, which are taken one by one. */
final class MergedRead {
  /** Of small or equal ranges there is no end within the limit of bytes. */
  static final int MAX_RANGES = 1024;

  private final ArrayDeque<FileRange> ranges = new ArrayDeque<>(2);
  private long from;
  private long to;

  private MergedRead(FileRange first) {
    ranges.add(first);
    from = first.position();
    to = first.end();
  }

  /**
   * The read that begins with the next range: as many of those after it as are here and the options
   * let merge. The one behind them is looked for, so that the end is seen in time.
   *
   * @return null if there is no next range
   */
  static @Nullable MergedRead next(RangeSource source, MergeOptions options) {
    FileRange first = source.peek();
    if (first == null) {
      return null;
    }
    source.remove();
    MergedRead read = new MergedRead(first);
    FileRange next = source.peek();
    while (next != null && read.takesIn(next, options)) {
      source.remove();
      next = source.peek();
    }
    return read;
  }

  private boolean takesIn(FileRange range, MergeOptions options) {
    boolean near =
        range.position() - to <= options.maxGap() && from - range.end() <= options.maxGap();
    long newFrom = Math.min(from, range.position());
    long newTo = Math.max(to, range.end());
    boolean grows = newFrom < from || newTo > to;
    if (!near || (grows && newTo - newFrom > options.maxMerged()) || count() == MAX_RANGES) {
      return false;
    }
    ranges.add(range);
    from = newFrom;
    to = newTo;
    return true;
  }

  /** Position of the first byte. */
  long from() {
    return from;
  }

  int length() {
    return (int) (to - from);
  }

  /** How many ranges are left. */
  int count() {
    return ranges.size();
  }

  /** The first range that is left; there must be one. */
  FileRange first() {
    return ranges.element();
  }

  void removeFirst() {
    ranges.remove();
  }

  /** What is left is to be read once more. */
  void putBack(RangeSource source) {
    while (!ranges.isEmpty()) {
      source.putBack(Objects.requireNonNull(ranges.pollLast()));
    }
  }
}
