package dev.ringlet.actor;

/** Tells a sender that a bounded mailbox has no room. Immutable. */
public final class MailboxFullException extends RingletException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param path the path of the actor
   * @param capacity how many messages its mailbox holds
   */
  public MailboxFullException(String path, int capacity) {
    super(
        path
            + ": "
            + capacity
            + " messages wait and the mailbox is full; send less, use tryTell, or give the actor a"
            + " larger mailbox");
  }
}
