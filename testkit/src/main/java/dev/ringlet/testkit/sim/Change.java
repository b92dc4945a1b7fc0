package dev.ringlet.testkit.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One change of a file's content that is not known to be on the disk. Immutable. */
final class Change {
  private static final byte[] NONE = {};

  private final long number;
  private final Kind kind;
  private final long from;
  private final long to;

  /** Of a WRITE, else empty. */
  private final byte[] bytes;

  /** Whether the kernel will not write it to the disk by itself. */
  private final boolean lost;

  private Change(long number, Kind kind, long from, long to, byte[] bytes, boolean lost) {
    this.number = number;
    this.kind = kind;
    this.from = from;
    this.to = to;
    this.bytes = bytes;
    this.lost = lost;
  }

  enum Kind {
    /** Bytes, which may make the file longer. */
    WRITE,
    /** A new size that is not larger. */
    CUT,
    /** A new size that is larger, without bytes. */
    GROW,
    /** Pages without bytes. */
    RESERVE,
    /** A range that becomes zeros. */
    PUNCH
  }

  static Change write(long number, long position, byte[] bytes) {
    return new Change(number, Kind.WRITE, position, position + bytes.length, bytes, false);
  }

  static Change of(long number, Kind kind, long from, long to) {
    return new Change(number, kind, from, to, NONE, false);
  }

  /** Its place among all changes of the disk. */
  long number() {
    return number;
  }

  Kind kind() {
    return kind;
  }

  /** Where it ends; of a CUT and a GROW the new size. */
  long to() {
    return to;
  }

  boolean isLost() {
    return lost;
  }

  /** Whether it has bytes that come to the disk. */
  boolean isWrite() {
    return kind == Kind.WRITE && !lost;
  }

  /** The parts of a WRITE, page by page, none of which comes to the disk by itself. */
  List<Change> lostPages() {
    List<Change> pages = new ArrayList<>();
    for (long start = from; start < to; ) {
      long end = Math.min(to, (start / Content.PAGE_BYTES + 1) * Content.PAGE_BYTES);
      byte[] part = Arrays.copyOfRange(bytes, (int) (start - from), (int) (end - from));
      pages.add(new Change(number, kind, start, end, part, true));
      start = end;
    }
    return pages;
  }

  /**
   * What is left of a lost part after another change, which has its page written again, or takes
   * some of it away.
   */
  List<Change> after(Change later) {
    return switch (later.kind) {
      case WRITE -> List.of(sharesPage(later) ? found() : this);
      case CUT -> parts(from, Math.min(to, later.to));
      case PUNCH -> {
        List<Change> left = new ArrayList<>(parts(from, Math.min(to, later.from)));
        left.addAll(parts(Math.max(from, later.to), to));
        yield left;
      }
      case GROW, RESERVE -> List.of(this);
    };
  }

  private boolean sharesPage(Change later) {
    long page = from / Content.PAGE_BYTES;
    return later.from / Content.PAGE_BYTES <= page && page <= (later.to - 1) / Content.PAGE_BYTES;
  }

  private Change found() {
    return new Change(number, kind, from, to, bytes, false);
  }

  /** The part within a range, if there is one. */
  private List<Change> parts(long start, long end) {
    if (start >= end) {
      return List.of();
    }
    byte[] left = Arrays.copyOfRange(bytes, (int) (start - from), (int) (end - from));
    return List.of(new Change(number, kind, start, end, left, lost));
  }

  int byteCount() {
    return bytes.length;
  }

  /** Whether something is gone by it: what is written later does not come before it. */
  boolean takesAway() {
    return kind == Kind.CUT || kind == Kind.PUNCH;
  }

  /** Whether the file may be longer by it. */
  boolean grows() {
    return isWrite() || kind == Kind.GROW;
  }

  long firstSector() {
    return from / StableContent.SECTOR_BYTES;
  }

  /** The one after the last. */
  long sectorEnd() {
    return (to + StableContent.SECTOR_BYTES - 1) / StableContent.SECTOR_BYTES;
  }

  void applyTo(Content content) {
    switch (kind) {
      case WRITE -> content.write(from, bytes, 0, bytes.length);
      case CUT -> content.cutTo(to);
      case GROW -> content.growTo(to);
      case RESERVE -> content.reserve(from, to);
      case PUNCH -> content.punch(from, to);
    }
  }

  /** The part of a WRITE that is in one sector. */
  void applySector(long sector, Content content) {
    long start = Math.max(from, sector * StableContent.SECTOR_BYTES);
    long end = Math.min(to, (sector + 1) * StableContent.SECTOR_BYTES);
    content.write(start, bytes, (int) (start - from), (int) (end - start));
  }
}
