package dev.ringlet.uring;

import dev.ringlet.io.FileStat;
import java.nio.ByteBuffer;

/** Reads {@code struct statx}. */
final class Statx {
  /** What is asked for; the kernel leaves out what the file system does not have. */
  static final int MASK = Posix.STATX_BASIC_STATS | Posix.STATX_BTIME | Posix.STATX_DIOALIGN;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** {@code stx_blocks} counts these, whatever the file system. */
  private static final int BLOCK_BYTES = 512;

  private static final int PERMISSIONS = 07777;

  private Statx() {}

  static FileStat read(ByteBuffer statx) {
    int mask = statx.getInt(Structs.STATX_MASK);
    int mode = Short.toUnsignedInt(statx.getShort(Structs.STATX_MODE));
    boolean born = (mask & Posix.STATX_BTIME) != 0;
    boolean aligned = (mask & Posix.STATX_DIOALIGN) != 0;
    return new FileStat(
        FileStat.Kind.ofMode(mode),
        statx.getLong(Structs.STATX_SIZE),
        statx.getLong(Structs.STATX_BLOCKS) * BLOCK_BYTES,
        mode & PERMISSIONS,
        statx.getInt(Structs.STATX_UID),
        statx.getInt(Structs.STATX_GID),
        nanos(statx, Structs.STATX_ATIME),
        nanos(statx, Structs.STATX_MTIME),
        nanos(statx, Structs.STATX_CTIME),
        born ? nanos(statx, Structs.STATX_BTIME) : -1,
        statx.getLong(Structs.STATX_INO),
        device(statx.getInt(Structs.STATX_DEV_MAJOR), statx.getInt(Structs.STATX_DEV_MINOR)),
        Integer.toUnsignedLong(statx.getInt(Structs.STATX_NLINK)),
        aligned ? statx.getInt(Structs.STATX_DIO_MEM_ALIGN) : 0,
        aligned ? statx.getInt(Structs.STATX_DIO_OFFSET_ALIGN) : 0);
  }

  private static long nanos(ByteBuffer statx, int timestamp) {
    long seconds = statx.getLong(timestamp + Structs.STATX_TIMESTAMP_SEC);
    return seconds * NANOS_PER_SECOND + statx.getInt(timestamp + Structs.STATX_TIMESTAMP_NSEC);
  }

  /** As {@code makedev} of the C library puts the two together. */
  static long device(int major, int minor) {
    long high = Integer.toUnsignedLong(major);
    long low = Integer.toUnsignedLong(minor);
    return (high & 0xfffff000L) << 32
        | (high & 0xfff) << 8
        | (low & 0xffffff00L) << 12
        | (low & 0xff);
  }
}
