package dev.ringlet.scheduler;

import dev.ringlet.spi.MailboxEntry;

/**
 * A mailbox entry that is more than a plain message: the cell asks it to deliver itself. Classes
 * and not interfaces, because the check stands on the path of every message and is one load and one
 * compare this way.
 */
abstract class Envelope extends MailboxEntry {
  /** Runs in a turn of the cell; may call user code and may throw what it throws. */
  abstract void deliver(ActorCell<?> cell) throws Exception;

  /** The cell has stopped before this could be delivered. Must not throw. */
  abstract void undelivered(ActorCell<?> cell);
}
