package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * How many operations on one file wait for the disk, and the close that goes to the driver after
 * them, since they were there before it. Owner executor only.
 */
final class FileTurns {
  private int waiting;
  private @Nullable FileClose close;

  /** Whether a close waits, so that no further operation is taken. */
  boolean isClosing() {
    return close != null;
  }

  boolean anyWaiting() {
    return waiting > 0;
  }

  void waits() {
    waiting++;
  }

  /** One has gone to the driver, or has ended. */
  void waitsNoMore() {
    waiting--;
    FileClose last = close;
    if (waiting == 0 && last != null) {
      close = null;
      last.goOn();
    }
  }

  /** Something waits, so the close does too. */
  void closeAfter(FileClose last) {
    close = last;
  }
}
