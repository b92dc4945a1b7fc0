package dev.ringlet.scheduler;

import dev.ringlet.io.FileRange;
import dev.ringlet.io.MergeOptions;
import java.util.List;

/**
 * One read for some ranges that follow each other in a list. Immutable.
 *
 * @param first the index of the first range
 * @param count how many ranges
 * @param from position of the first byte
 * @param to position behind the last byte
 */
record MergedRead(int first, int count, long from, long to) {

  /** The read that begins with a range: as many of those after it as the options let merge. */
  static MergedRead at(List<FileRange> ranges, int first, MergeOptions options) {
    long from = ranges.get(first).position();
    long to = ranges.get(first).end();
    int next = first + 1;
    for (; next < ranges.size(); next++) {
      FileRange range = ranges.get(next);
      boolean near =
          range.position() - to <= options.maxGap() && from - range.end() <= options.maxGap();
      long newFrom = Math.min(from, range.position());
      long newTo = Math.max(to, range.end());
      boolean grows = newFrom < from || newTo > to;
      if (!near || (grows && newTo - newFrom > options.maxMerged())) {
        break;
      }
      from = newFrom;
      to = newTo;
    }
    return new MergedRead(first, next - first, from, to);
  }

  int length() {
    return (int) (to - from);
  }
}
