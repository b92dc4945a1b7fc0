package dev.ringlet.uring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Rouses a parked owner: an eventfd that the ring polls. Each write makes the poll complete; the
 * counter is never read, since the poll is edge-triggered and a 64-bit counter does not fill.
 *
 * <p>Signals that the owner has not seen yet are not repeated, so a storm of them costs one system
 * call.
 */
final class WakeUp {
  private static final VarHandle SIGNALLED;

  static {
    try {
      SIGNALLED = MethodHandles.lookup().findVarHandle(WakeUp.class, "signalled", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Gate gate = new Gate();
  private final int fd;
  private final ByteBuffer one = NativeMemory.allocate(Long.BYTES);
  private final long oneAddress = NativeMemory.address(one);

  @SuppressWarnings("unused") // through SIGNALLED
  private volatile boolean signalled;

  private WakeUp(int fd) {
    this.fd = fd;
    one.putLong(0, 1);
  }

  static WakeUp open() {
    int fd = Libc.eventfd(0, Posix.EFD_CLOEXEC | Posix.EFD_NONBLOCK);
    if (fd < 0) {
      throw new UringException("eventfd", -fd, RingSetup.explain(-fd));
    }
    return new WakeUp(fd);
  }

  int fd() {
    return fd;
  }

  /** <b>Thread:</b> any, also after close. */
  void signal() {
    if (!(boolean) SIGNALLED.getAndSet(this, true) && gate.tryEnter()) {
      try {
        Libc.write(fd, oneAddress, Long.BYTES);
      } finally {
        gate.exit();
      }
    }
  }

  /**
   * Owner: takes the signal, if there is one. Only a park does this, so a signal ends one park
   * however much is polled in between; until then the flag stands for it, and no further one is
   * written.
   *
   * @return true if there was one; what preceded it is visible to the caller
   */
  boolean consume() {
    return signalled && (boolean) SIGNALLED.getAndSet(this, false);
  }

  /** Owner: no poll is in flight. Idempotence is the caller's. */
  void close() {
    gate.closeAndAwait();
    Libc.close(fd);
  }
}
