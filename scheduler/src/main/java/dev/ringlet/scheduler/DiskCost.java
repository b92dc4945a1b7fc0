package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;

/**
 * What an operation on a file costs the disk, as far as its class is charged for it: a part for
 * being an operation, and a part for its bytes. In bytes read: reading a megabyte costs a megabyte
 * and the fixed part.
 *
 * <p>These are round numbers between those of a local NVMe disk and those of a virtual disk in a
 * cloud; they decide in which proportion small and large operations, reads and writes of different
 * classes are done when the disk is the bottleneck, and nothing else.
 */
final class DiskCost {
  /** What an operation costs besides its bytes: disks do about as many of 1 byte as of this. */
  static final long FIXED = 32 << 10;

  /** Writes keep flash busy longer, and come back later as collection of garbage. */
  static final long WRITE_FACTOR = 2;

  /** A sync waits for all that the disk has in its cache. */
  static final long SYNC = 8 * WRITE_FACTOR * FIXED;

  private DiskCost() {}

  static long of(IoRequest request) {
    return switch (request.opcode) {
      case READ, READ_VECTOR -> FIXED + request.length;
      case WRITE, WRITE_VECTOR -> WRITE_FACTOR * (FIXED + request.length);
      case DATA_SYNC, SYNC, SYNC_RANGE -> SYNC;
      default -> FIXED;
    };
  }
}
