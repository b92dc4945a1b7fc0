package dev.ringlet.uring;

import dev.ringlet.io.DetachedTcpStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** A descriptor between two rings. <b>Thread:</b> any thread. */
final class DetachedSocket implements DetachedTcpStream {
  private final int fd;
  private final AtomicBoolean taken = new AtomicBoolean();

  DetachedSocket(int fd) {
    this.fd = fd;
  }

  int take() {
    if (!taken.compareAndSet(false, true)) {
      throw new IllegalStateException(this + " was attached or closed already");
    }
    return fd;
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
    return "socket " + fd;
  }
}
