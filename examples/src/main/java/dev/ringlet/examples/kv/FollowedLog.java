package dev.ringlet.examples.kv;

import dev.ringlet.io.AsyncFile;
import org.jspecify.annotations.Nullable;

/** A log that a {@link ChangeSource} reads, or is going to read. <b>Thread:</b> the source's. */
final class FollowedLog {
  private final long base;
  private final long from;
  private @Nullable AsyncFile file;
  private long salt;
  private boolean ready;

  /**
   * Creates one that is not open.
   *
   * @param base position of the first byte of the file
   * @param from where to begin with this log
   */
  FollowedLog(long base, long from) {
    this.base = base;
    this.from = from;
  }

  /** Where to begin with this log, and where to end with the one before it. */
  long from() {
    return from;
  }

  /** Where in the file a position is. */
  long offset(long position) {
    return position - base;
  }

  /** Which position a place in the file is. */
  long position(long offset) {
    return offset + base;
  }

  @Nullable AsyncFile file() {
    return file;
  }

  void opened(AsyncFile opened) {
    file = opened;
  }

  void ready(long saltOfFile) {
    salt = saltOfFile;
    ready = true;
  }

  /** Whether it is open and its header known. */
  boolean isReady() {
    return ready;
  }

  long salt() {
    return salt;
  }

  /** Closes the file, which was only read: nobody waits for the outcome. */
  void close() {
    AsyncFile opened = file;
    if (opened != null) {
      var unused = opened.close().toCompletionStage();
    }
  }
}
