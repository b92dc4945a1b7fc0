package dev.ringlet.testkit.sim;

/** One change of a file's content that is not known to be on the disk. Immutable. */
final class Change {
  private static final byte[] NONE = {};

  private final long number;
  private final Kind kind;
  private final long from;
  private final long to;

  /** Of a WRITE, else empty. */
  private final byte[] bytes;

  private Change(long number, Kind kind, long from, long to, byte[] bytes) {
    this.number = number;
    this.kind = kind;
    this.from = from;
    this.to = to;
    this.bytes = bytes;
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
    return new Change(number, Kind.WRITE, position, position + bytes.length, bytes);
  }

  static Change of(long number, Kind kind, long from, long to) {
    return new Change(number, kind, from, to, NONE);
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

  int byteCount() {
    return bytes.length;
  }

  /** Whether something is gone by it: what is written later does not come before it. */
  boolean takesAway() {
    return kind == Kind.CUT || kind == Kind.PUNCH;
  }

  /** Whether the file may be longer by it. */
  boolean grows() {
    return kind == Kind.WRITE || kind == Kind.GROW;
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
