package dev.ringlet.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Decides who must wake a parked executor, so that no wake-up is lost and none is paid twice.
 *
 * <pre>
 * from      to        by
 * RUNNING   PARKING   owner, before it looks at its inbox for the last time
 * PARKING   RUNNING   owner after the park, or the one sender that then wakes it
 * any       ENDED     owner, when it will not run again
 * </pre>
 *
 * <p>Sender: add to the inbox, full fence, read the state. Owner: store PARKING, full fence, read
 * the inbox. In every order of these at least one side sees the other (Dekker), so either the owner
 * finds the entry or the sender finds PARKING and wakes it.
 */
final class ParkGate {
  private static final int RUNNING = 0;
  private static final int PARKING = 1;
  private static final int ENDED = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(ParkGate.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through STATE
  private volatile int state = RUNNING;

  /** Owner: from now on senders wake the driver; the inbox must be looked at once more. */
  void close() {
    STATE.setVolatile(this, PARKING);
    VarHandle.fullFence();
  }

  /** Owner: running again; senders need not wake any more. */
  void open() {
    STATE.setVolatile(this, RUNNING);
  }

  /** Owner: will not run again. */
  void end() {
    STATE.setVolatile(this, ENDED);
    VarHandle.fullFence();
  }

  /** Any thread. */
  boolean hasEnded() {
    return (int) STATE.getVolatile(this) == ENDED;
  }

  /** Whether it is parked, or about to be. Any thread. */
  boolean isClosed() {
    return (int) STATE.getVolatile(this) == PARKING;
  }

  /** What a sender has to do. */
  enum Duty {
    /** The owner runs, or somebody else wakes it. */
    NONE,

    /** Wake the owner. */
    WAKE,

    /** The owner has ended: see to the inbox. */
    REFUSE
  }

  /** Sender, after it has added to the inbox. Any thread. */
  Duty afterSend() {
    VarHandle.fullFence();
    int seen = (int) STATE.getOpaque(this);
    if (seen == RUNNING) {
      return Duty.NONE;
    }
    if (seen == PARKING && STATE.compareAndSet(this, PARKING, RUNNING)) {
      return Duty.WAKE;
    }
    return (int) STATE.getVolatile(this) == ENDED ? Duty.REFUSE : Duty.NONE;
  }
}
