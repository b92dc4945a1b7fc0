package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;

/** What the simulated kernel refuses, with the error number that Linux gives. */
final class DiskException extends Exception {
  private static final long serialVersionUID = 1;

  private final int errno;

  DiskException(int errno) {
    super(Errno.describe(errno), null, false, false);
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}
