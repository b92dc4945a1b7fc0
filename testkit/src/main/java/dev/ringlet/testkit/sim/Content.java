package dev.ringlet.testkit.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The bytes of a file, by pages; what has no page reads as zeros. The simulation's thread. */
final class Content {
  static final int PAGE_BYTES = 4096;

  /** What pages are that were allocated and not written; never written to. */
  private static final byte[] ZEROS = new byte[PAGE_BYTES];

  private final Map<Long, byte[]> pages = new HashMap<>();
  private long size;

  long size() {
    return size;
  }

  long allocatedBytes() {
    return (long) pages.size() * PAGE_BYTES;
  }

  /** Makes it at least so long. */
  void growTo(long length) {
    size = Math.max(size, length);
  }

  /** Makes it so long; what is beyond is gone, also if it grows again. */
  void cutTo(long length) {
    if (length < size) {
      punch(length, size);
      long last = pageAfter(length);
      pages.keySet().removeIf(page -> page >= last);
    }
    size = length;
  }

  /** Fills what is left of the target, up to the end. */
  int read(long position, ByteBuffer target) {
    int count = (int) Math.max(0, Math.min(target.remaining(), size - position));
    int done = 0;
    while (done < count) {
      int within = within(position + done);
      int part = Math.min(count - done, PAGE_BYTES - within);
      byte[] page = pages.getOrDefault(page(position + done), ZEROS);
      target.put(page, within, part);
      done += part;
    }
    return count;
  }

  void write(long position, byte[] bytes, int offset, int count) {
    int done = 0;
    while (done < count) {
      int within = within(position + done);
      int part = Math.min(count - done, PAGE_BYTES - within);
      System.arraycopy(bytes, offset + done, own(page(position + done)), within, part);
      done += part;
    }
    growTo(position + count);
  }

  /** Takes pages for a range, without a change to what is read. */
  void reserve(long from, long to) {
    for (long page = page(from); page < pageAfter(to); page++) {
      pages.putIfAbsent(page, ZEROS);
    }
  }

  /** Has a range read as zeros, and gives pages back that are within. */
  void punch(long from, long to) {
    long first = pageAfter(from);
    long end = page(to);
    if (first > end) {
      clear(from, to);
      return;
    }
    clear(from, first * PAGE_BYTES);
    clear(end * PAGE_BYTES, to);
    pages.keySet().removeIf(page -> page >= first && page < end);
  }

  /** Of one page at most. */
  private void clear(long from, long to) {
    if (from < to && pages.containsKey(page(from))) {
      byte[] bytes = own(page(from));
      Arrays.fill(bytes, within(from), within(from) + (int) (to - from), (byte) 0);
    }
  }

  /** How many pages a range lacks. */
  long missing(long from, long to) {
    long lacking = 0;
    for (long page = page(from); page < pageAfter(to); page++) {
      if (!pages.containsKey(page)) {
        lacking++;
      }
    }
    return lacking;
  }

  /** How many bytes from a position on take no more than so many new pages. */
  int fitting(long position, int count, long freePages) {
    long free = freePages;
    for (long page = page(position); page < pageAfter(position + count); page++) {
      if (!pages.containsKey(page) && --free < 0) {
        return (int) Math.max(0, page * PAGE_BYTES - position);
      }
    }
    return count;
  }

  Content copy() {
    Content copy = new Content();
    pages.forEach((page, bytes) -> copy.pages.put(page, bytes == ZEROS ? ZEROS : bytes.clone()));
    copy.size = size;
    return copy;
  }

  private byte[] own(long page) {
    byte[] bytes = pages.getOrDefault(page, ZEROS);
    if (bytes == ZEROS) {
      bytes = new byte[PAGE_BYTES];
      pages.put(page, bytes);
    }
    return bytes;
  }

  private static long page(long position) {
    return position / PAGE_BYTES;
  }

  private static long pageAfter(long position) {
    return (position + PAGE_BYTES - 1) / PAGE_BYTES;
  }

  private static int within(long position) {
    return (int) (position % PAGE_BYTES);
  }
}
