package dev.ringlet.io;

/**
 * Which part of a file {@link AsyncFile#chunks} reads, and how far ahead. Immutable.
 *
 * @param from position of the first byte, zero or more
 * @param to position behind the last byte, {@code from} or more; {@link Long#MAX_VALUE} means to
 *     the end of the file
 * @param chunkBytes the length of the chunks but for the last one, 1 to 1 GiB
 * @param readAhead how many chunks are read ahead of the one that is delivered, 1 to 1024; more
 *     hide the latency of a slow disk and cost {@code chunkBytes} each
 */
public record ChunkOptions(long from, long to, int chunkBytes, int readAhead) {
  private static final ChunkOptions DEFAULTS = new ChunkOptions(0, Long.MAX_VALUE, 128 * 1024, 4);

  /** Checks the ranges. */
  public ChunkOptions {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "from: " + from + ", to: " + to + "; give 0 <= from <= to");
    }
    if (chunkBytes < 1 || chunkBytes > 1 << 30) {
      throw new IllegalArgumentException("chunkBytes: " + chunkBytes + "; give 1 to " + (1 << 30));
    }
    if (readAhead < 1 || readAhead > 1024) {
      throw new IllegalArgumentException("readAhead: " + readAhead + "; give 1 to 1024");
    }
  }

  /**
   * The whole file in chunks of 128 KiB, four of them ahead.
   *
   * @return the options
   */
  public static ChunkOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the part of the file.
   *
   * @param first position of the first byte, zero or more
   * @param end position behind the last byte, {@code first} or more; {@link Long#MAX_VALUE} means
   *     to the end of the file
   * @return the changed copy
   */
  public ChunkOptions withRange(long first, long end) {
    return new ChunkOptions(first, end, chunkBytes, readAhead);
  }

  /**
   * Sets the length of the chunks.
   *
   * @param bytes 1 to 1 GiB
   * @return the changed copy
   */
  public ChunkOptions withChunkBytes(int bytes) {
    return new ChunkOptions(from, to, bytes, readAhead);
  }

  /**
   * Sets how many chunks are read ahead.
   *
   * @param chunks 1 to 1024
   * @return the changed copy
   */
  public ChunkOptions withReadAhead(int chunks) {
    return new ChunkOptions(from, to, chunkBytes, chunks);
  }
}
