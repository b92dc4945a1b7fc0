package dev.ringlet.io;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Errno;
import org.jspecify.annotations.Nullable;

/** A failed I/O operation: which, on what, and the kernel's error. Immutable. */
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
    super(operation + " " + subject + ": " + Errno.describe(errno) + reason(cause), cause);
    this.errno = errno;
    this.operation = operation;
    this.subject = subject;
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
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
   * Whether the operation was cancelled or timed out on this side.
   *
   * @return true for ECANCELED
   */
  public boolean isCancelled() {
    return errno == Errno.ECANCELED;
  }
}
