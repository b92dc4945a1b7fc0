package dev.ringlet.uring;

import dev.ringlet.spi.DetachedDescriptor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A descriptor that has come through a socket and is nobody's yet. <b>Thread:</b> any thread. */
final class PassedFd implements DetachedDescriptor {
  private final int fd;
  private final AtomicBoolean taken = new AtomicBoolean();

  PassedFd(int fd) {
    this.fd = fd;
  }

  /** To look at it; it stays where it is. */
  int fd() {
    if (taken.get()) {
      throw gone();
    }
    return fd;
  }

  int take() {
    if (!taken.compareAndSet(false, true)) {
      throw gone();
    }
    return fd;
  }

  private IllegalStateException gone() {
    return new IllegalStateException(this + " was taken or closed already");
  }

  @Override
  public boolean appends() {
    return hasFlag(Posix.O_APPEND);
  }

  @Override
  public boolean isDirect() {
    return hasFlag(OpenFlags.O_DIRECT);
  }

  private boolean hasFlag(int flag) {
    int flags = Libc.fcntl(fd(), Posix.F_GETFL, 0);
    if (flags < 0) {
      throw new UringException("looking at " + this, -flags, "it is no descriptor");
    }
    return (flags & flag) != 0;
  }

  @Override
  public void close() {
    if (taken.compareAndSet(false, true)) {
      // The number is free whatever it returns, see close(2).
      Libc.close(fd);
    }
  }

  @Override
  public String toString() {
    return "descriptor " + fd;
  }
}
