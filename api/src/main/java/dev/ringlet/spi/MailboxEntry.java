package dev.ringlet.spi;

/**
 * Base of what a scheduler itself puts into mailboxes, so that one check tells it from messages.
 * Users see some of it, as operations, timers and addresses, and may send it as a message.
 */
public abstract class MailboxEntry {
  /** For schedulers. */
  protected MailboxEntry() {}
}
