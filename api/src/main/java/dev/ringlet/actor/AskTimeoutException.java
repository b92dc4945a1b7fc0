package dev.ringlet.actor;

import java.time.Duration;

/** Tells an asker that no reply came in time. Immutable. */
public final class AskTimeoutException extends RingletException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param path the path of the actor that was asked
   * @param messageType the simple name of the message's class
   * @param timeout how long the asker waited
   */
  public AskTimeoutException(String path, String messageType, Duration timeout) {
    super(
        path
            + ": no reply to "
            + messageType
            + " within "
            + timeout.toMillis()
            + " ms; the actor is busy, has not replied to the address in the message, or stopped"
            + " while handling it");
  }
}
