package dev.ringlet.io;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.ErrnoHints;
import org.jspecify.annotations.Nullable;

/**
 * A failed I/O operation: which, on what, the kernel's error and, where they are known, its likely
 * cause and cure. Immutable.
 */
public class IoException extends RingletException {
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
    this(
        operation,
        subject,
        errno,
        Errno.describe(errno) + reason(cause) + way(hint(errno, operation, cause)),
        cause);
  }

  /**
   * Creates one where the error number alone does not tell what happened.
   *
   * @param operation what was tried, such as {@code "connect"}
   * @param subject the path, name or address
   * @param errno the positive error number that is nearest
   * @param explanation what happened
   * @param cause the exception behind it, or null
   */
  public IoException(
      String operation, String subject, int errno, String explanation, @Nullable Throwable cause) {
    super(operation + " " + subject + ": " + explanation, cause);
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
  public final int errno() {
    return errno;
  }

  /**
   * What was tried.
   *
   * @return such as {@code "open"}
   */
  public final String operation() {
    return operation;
  }

  /**
   * The path or address.
   *
   * @return such as {@code "127.0.0.1:6379"}
   */
  public final String subject() {
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
  public final boolean isCancelled() {
    return errno == Errno.ECANCELED;
  }
}
