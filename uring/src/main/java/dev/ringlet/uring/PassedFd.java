package dev.ringlet.uring;

import dev.ringlet.spi.DetachedDescriptor;

/**
 * A descriptor that has come through a socket and is nobody's yet. Whoever looks at it has its
 * monitor, so that the number cannot be closed, and be something else's, meanwhile. <b>Thread:</b>
 * any thread.
 */
final class PassedFd implements DetachedDescriptor {
  private final int fd;
  private boolean taken;

  PassedFd(int fd) {
    this.fd = fd;
  }

  /** To look at it, for who has the monitor; it stays where it is. */
  synchronized int fd() {
    if (taken) {
      throw new IllegalStateException(this + " was taken or closed already");
    }
    return fd;
  }

  synchronized int take() {
    int given = fd();
    taken = true;
    return given;
  }

  @Override
  public boolean appends() {
    return hasFlag(Posix.O_APPEND);
  }

  @Override
  public boolean isDirect() {
    return hasFlag(OpenFlags.O_DIRECT);
  }

  private synchronized boolean hasFlag(int flag) {
    int flags = Libc.fcntl(fd(), Posix.F_GETFL, 0);
    if (flags < 0) {
      throw new UringException("looking at " + this, -flags, "it is no descriptor");
    }
    return (flags & flag) != 0;
  }

  @Override
  public synchronized void close() {
    if (!taken) {
      taken = true;
      // The number is free whatever it returns, see close(2).
      Libc.close(fd);
    }
  }

  @Override
  public String toString() {
    return "descriptor " + fd;
  }
}
