package dev.ringlet.actor;

import org.jspecify.annotations.Nullable;

/** The root of all exceptions that Ringlet throws for reasons of its own. Immutable. */
public class RingletException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates one.
   *
   * @param message what happened, to what, and the way out
   */
  public RingletException(String message) {
    super(message);
  }

  /**
   * Creates one with a cause.
   *
   * @param message what happened, to what, and the way out
   * @param cause what led to it, or null
   */
  public RingletException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
