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
  /** Runs in a turn of the cell; may call user code and may throw what it throws. */
  abstract void deliver(ActorCell<?> cell) throws Exception;

  /**
   * It will not be delivered to the cell. Must not throw. Any thread.
   *
   * @param sender whose turn it was sent in, if that is known
   */
  abstract void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender);
}
