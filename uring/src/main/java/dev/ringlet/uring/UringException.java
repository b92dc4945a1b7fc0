package dev.ringlet.uring;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Errno;

/**
 * A call of the ring itself failed in a way that it cannot heal; an operation's own error never
 * ends here.
 */
final class UringException extends RingletException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /**
   * Creates one.
   *
   * @param call what was called
   * @param errno the positive error number
   * @param hint likely cause and remedy
   */
  UringException(String call, int errno, String hint) {
    super(call + " failed with " + Errno.describe(errno) + ": " + hint);
    this.errno = errno;
  }

  boolean isOutOfMemory() {
    return errno == Errno.ENOMEM;
  }
}
