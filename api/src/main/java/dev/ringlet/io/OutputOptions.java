package dev.ringlet.io;

/**
 * How a {@link FileOutput} writes. Immutable.
 *
 * @param from position of the first byte in the file, zero or more
 * @param bufferBytes small writes are gathered in buffers of this size, 1 to 1 MiB
 * @param maxBehind how many bytes may be accepted and not written yet, 1 or more: while there are
 *     as many, writes wait. More hides the latency of a slow disk and costs as much memory
 * @param concurrency how many buffers are written at the same time, 1 to 1024
 * @param syncOnClose whether {@link FileOutput#close()} makes the data durable
 */
public record OutputOptions(
    long from, int bufferBytes, int maxBehind, int concurrency, boolean syncOnClose) {
  private static final OutputOptions DEFAULTS =
      new OutputOptions(0, 128 * 1024, 1024 * 1024, 4, true);

  /** Checks the ranges. */
  public OutputOptions {
    if (from < 0) {
      throw new IllegalArgumentException("from: " + from + "; give zero or more");
    }
    if (bufferBytes < 1 || bufferBytes > 1 << 20) {
      throw new IllegalArgumentException(
          "bufferBytes: " + bufferBytes + "; give 1 to " + (1 << 20));
    }
    if (maxBehind < 1) {
      throw new IllegalArgumentException("maxBehind: " + maxBehind + "; give 1 or more");
    }
    if (concurrency < 1 || concurrency > 1024) {
      throw new IllegalArgumentException("concurrency: " + concurrency + "; give 1 to 1024");
    }
  }

  /**
   * From the beginning of the file, in buffers of 128 KiB, with up to 1 MiB accepted and not
   * written yet, four buffers written at the same time, and durable when it is closed.
   *
   * @return the options
   */
  public static OutputOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets where the output begins; to add to a file give its size.
   *
   * @param position zero or more
   * @return the changed copy
   */
  public OutputOptions withFrom(long position) {
    return new OutputOptions(position, bufferBytes, maxBehind, concurrency, syncOnClose);
  }

  /**
   * Sets the size of the buffers.
   *
   * @param bytes 1 to 1 MiB
   * @return the changed copy
   */
  public OutputOptions withBufferBytes(int bytes) {
    return new OutputOptions(from, bytes, maxBehind, concurrency, syncOnClose);
  }

  /**
   * Sets how many bytes may be accepted and not written yet.
   *
   * @param bytes 1 or more
   * @return the changed copy
   */
  public OutputOptions withMaxBehind(int bytes) {
    return new OutputOptions(from, bufferBytes, bytes, concurrency, syncOnClose);
  }

  /**
   * Sets how many buffers are written at the same time.
   *
   * @param writes 1 to 1024
   * @return the changed copy
   */
  public OutputOptions withConcurrency(int writes) {
    return new OutputOptions(from, bufferBytes, maxBehind, writes, syncOnClose);
  }

  /**
   * Leaves it to the kernel when the data becomes durable, also when the output is closed.
   *
   * @return the changed copy
   */
  public OutputOptions withoutSyncOnClose() {
    return new OutputOptions(from, bufferBytes, maxBehind, concurrency, false);
  }
}
