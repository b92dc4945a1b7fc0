package dev.ringlet.scheduler;

import dev.ringlet.spi.Errno;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Lets the appends of one file be done one at a time, so that they stand in the file in the order
 * in which they were started. What waits here counts among the file's turns, so that a close comes
 * after it. Owner executor only.
 */
final class AppendQueue {
  private final FileTurns turns;
  private final ArrayDeque<FileWrite> waiting = new ArrayDeque<>(2);
  private @Nullable FileWrite current;
  private boolean starting;

  AppendQueue(FileTurns turns) {
    this.turns = turns;
  }

  void add(FileWrite append) {
    if (turns.isClosing()) {
      append.complete(-Errno.EBADF, null);
      return;
    }
    waiting.add(append);
    append.appendWaits = true;
    turns.waits();
    startNext();
  }

  /** A loop: an empty append ends as soon as it has begun. */
  private void startNext() {
    if (starting) {
      return;
    }
    starting = true;
    while (current == null) {
      FileWrite next = waiting.poll();
      if (next == null) {
        break;
      }
      next.appendWaits = false;
      current = next;
      try {
        next.start();
      } catch (RuntimeException refused) {
        next.complete(-Errno.EINVAL, refused);
      }
      turns.waitsNoMore();
    }
    starting = false;
  }

  /** One has ended, in the queue, before it, or with the driver. */
  void ended(FileWrite append) {
    if (append.appendWaits) {
      append.appendWaits = false;
      waiting.remove(append);
      turns.waitsNoMore();
    } else if (current == append) {
      current = null;
      startNext();
    }
  }
}
