package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Empty mailboxes for reuse, so that an actor that goes idle costs no mailbox and one that wakes
 * allocates none. Owner executor only.
 */
final class MailboxStock {
  private static final int MAX_KEPT = 1024;

  private final @Nullable LocalMailbox[] kept = new LocalMailbox[MAX_KEPT];
  private int count;

  /** The most entries that any mailbox had when its turn came. Read by any thread. */
  final Counter peak = new Counter();

  private int peakSize;

  void sawSize(int size) {
    if (size > peakSize) {
      peak.add(size - peakSize);
      peakSize = size;
    }
  }

  LocalMailbox take() {
    if (count == 0) {
      return new LocalMailbox();
    }
    LocalMailbox mailbox = kept[--count];
    kept[count] = null;
    assert mailbox != null;
    return mailbox;
  }

  void giveBack(LocalMailbox mailbox) {
    assert mailbox.isEmpty();
    if (count < MAX_KEPT && mailbox.isSmall()) {
      kept[count++] = mailbox;
    }
  }
}
