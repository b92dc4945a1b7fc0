package dev.ringlet.uring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets any thread use a native resource for a moment, and its owner know when nobody does any more.
 * Without it a thread could touch unmapped memory, or write to a file descriptor that belongs to
 * somebody else by now.
 *
 * <p>One word counts the threads inside; its sign says closed. Users pay two atomic adds and never
 * wait; the owner waits at close for those inside, who need a system call at most.
 *
 * <p><b>Thread:</b> any; {@link #closeAndAwait} the owner's, once.
 */
final class Gate {
  private static final int CLOSED = Integer.MIN_VALUE;
  private static final int SPINS = 100;
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through STATE
  private volatile int state;

  /** True: inside, {@link #exit} must follow. False: closed. */
  boolean tryEnter() {
    if ((int) STATE.getAndAdd(this, 1) >= 0) {
      return true;
    }
    exit();
    return false;
  }

  void exit() {
    STATE.getAndAdd(this, -1);
  }

  /** Lets nobody in any more, and returns when the last one is out. */
  void closeAndAwait() {
    STATE.getAndBitwiseOr(this, CLOSED);
    for (int i = 0; state != CLOSED; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
