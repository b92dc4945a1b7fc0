package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.spi.MailboxEntry;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox entry that is more than a plain message: the cell asks it to deliver itself. Classes
 * and not interfaces, because the check stands on the path of every message and is one load and one
 * compare this way.
 */
abstract class Envelope extends MailboxEntry {
  /** The message of an entry that a user has sent, or null for what is the runtime's own. */
  static @Nullable Object messageIn(Object entry) {
    if (!(entry instanceof MailboxEntry)) {
      return entry;
    }
    return entry instanceof Envelope envelope ? envelope.message() : null;
  }

  /** A newer message has taken the place of an entry. */
  static void replaced(Object entry, RuntimeException cause) {
    if (entry instanceof Envelope envelope) {
      envelope.replaced(cause);
    }
  }

  /** The message in it that a user has sent, or null. */
  @Nullable Object message() {
    return null;
  }

  /** A newer message has taken its place. */
  void replaced(RuntimeException cause) {}

  /** Runs in a turn of the cell; may call user code and may throw what it throws. */
  abstract void deliver(ActorCell<?> cell) throws Exception;

  /**
   * It will not be delivered to the cell. Must not throw. Any thread.
   *
   * @param sender whose turn it was sent in, if that is known
   */
  abstract void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender);
}
