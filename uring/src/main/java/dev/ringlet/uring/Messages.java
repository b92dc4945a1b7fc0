package dev.ringlet.uring;

import org.jspecify.annotations.Nullable;

/** Messages that are used again: direct memory is dear to make. <b>Thread:</b> owner executor. */
final class Messages {
  /** Of those that are not in use; more are left to the garbage collector. About 300 KiB. */
  private static final int MAX_FREE = 256;

  private @Nullable Message firstFree;
  private int free;

  Message take() {
    Message message = firstFree;
    if (message == null) {
      return new Message();
    }
    firstFree = message.next;
    message.next = null;
    free--;
    return message;
  }

  /** The kernel is done with it. */
  void giveBack(Message message) {
    message.clear();
    if (free < MAX_FREE) {
      message.next = firstFree;
      firstFree = message;
      free++;
    }
  }
}
