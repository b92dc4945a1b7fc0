package dev.ringlet.io;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.ErrnoHints;
import org.jspecify.annotations.Nullable;

/**
 * A failed I/O operation: which, on what, the kernel's error and, where they are known, its likely
 * cause and cure. Immutable.
 */
public final class IoException extends RingletException {
  private static final long serialVersionUID = 1L;

  private final int errno;
  private final String operation;
  private final String subject;

  /**
   * Creates one.
   *
   * @param operation what was tried, such as {@code "open"}
   * @param subject the path or address
   * @param errno the kernel's positive error number; NIO's exceptions are mapped to the nearest
   * @param cause the exception behind it, or null
   */
  public IoException(String operation, String subject, int errno, @Nullable Throwable cause) {
    super(
        operation
            + " "
            + subject
            + ": "
            + Errno.describe(errno)
            + reason(cause)
            + way(hint(errno, operation, cause)),
        cause);
    this.errno = errno;
    this.operation = operation;
    this.subject = subject;
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
  }

  /** What this side has refused has its reason in the cause; the kernel has not seen it. */
  private static String hint(int errno, String operation, @Nullable Throwable cause) {
    return cause instanceof RuntimeException ? "" : ErrnoHints.of(errno, operation);
  }

  private static String way(String hint) {
    return hint.isEmpty() ? "" : "; " + hint;
  }

  /**
   * The kernel's error number.
   *
   * @return positive, as in {@code errno.h}
   */
  public int errno() {
    return errno;
  }

  /**
   * What was tried.
   *
   * @return such as {@code "open"}
   */
  public String operation() {
    return operation;
  }

  /**
   * The path or address.
   *
   * @return such as {@code "127.0.0.1:6379"}
   */
  public String subject() {
    return subject;
  }

  /**
   * Likely cause and remedy; a part of the message.
   *
   * @return one sentence, or an empty string if nothing is known
   */
  public String hint() {
    return hint(errno, operation, getCause());
  }

  /**
   * Whether the operation was cancelled or timed out on this side.
   *
   * @return true for ECANCELED
   */
  public boolean isCancelled() {
    return errno == Errno.ECANCELED;
  }
}
