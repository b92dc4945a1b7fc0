package dev.ringlet.uring;

import dev.ringlet.io.DetachedTcpStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** A descriptor between two rings. <b>Thread:</b> any thread. */
final class DetachedSocket implements DetachedTcpStream {
  private final int fd;
  private final AtomicBoolean taken = new AtomicBoolean();

  private final boolean shared;
  private final boolean sendTimeLimited;

  DetachedSocket(UringHandle handle) {
    fd = handle.fd;
    shared = handle.shared;
    sendTimeLimited = handle.sendTimeLimited;
  }

  /** Lets its new handle know what the old one did. */
  void tell(UringHandle handle) {
    handle.shared = shared;
    handle.sendTimeLimited = sendTimeLimited;
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
