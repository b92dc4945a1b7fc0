package dev.ringlet.examples.kv;

import dev.ringlet.io.AsyncFile;

/**
 * A new log on its way: what is encoded, written and synced of it. <b>Thread:</b> whoever has it:
 * the {@link Compactor}, and the shard while a question or the finished log is with it.
 */
final class LogCopy {
  private final AsyncFile file;
  private final LogBuffer buffer = new LogBuffer();
  private final LogEncoder encoder;
  private long written;
  private long synced;

  /**
   * Creates one.
   *
   * @param file empty and open for writing
   * @param header of the new log
   */
  LogCopy(AsyncFile file, LogHeader header) {
    this.file = file;
    byte[] bytes = header.encode();
    buffer.write(bytes, 0, bytes.length);
    encoder = new LogEncoder(header.salt(), bytes.length, buffer);
  }

  AsyncFile file() {
    return file;
  }

  LogBuffer buffer() {
    return buffer;
  }

  LogEncoder encoder() {
    return encoder;
  }

  /** How much of the file is written. */
  long written() {
    return written;
  }

  /** How much of the file survives a power loss. */
  long synced() {
    return synced;
  }

  void wrote(int bytes) {
    buffer.consume(bytes);
    written += bytes;
  }

  void syncedUpTo(long position) {
    synced = position;
    encoder.synced(position);
  }
}
