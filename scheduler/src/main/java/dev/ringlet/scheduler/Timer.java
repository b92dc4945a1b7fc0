package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens on an executor at a time. It may stand in a mailbox itself when it is due.
 * Owner executor only.
 */
abstract class Timer extends Envelope {
  private boolean waiting;
  private boolean cancelled;

  /** Runs when the deadline has passed; no user code. May schedule the timer again. */
  abstract void fire();

  /** Its executor ends before the deadline; runs instead of {@link #fire}. */
  void abandoned() {}

  /** Whether nobody wants it to fire any more; it may stay in the wheel for a while. */
  boolean isObsolete() {
    return cancelled;
  }

  /** It is in the wheel now. */
  final void scheduled() {
    assert !waiting && !cancelled : this + " was scheduled twice, or after it was cancelled";
    waiting = true;
  }

  final boolean isWaiting() {
    return waiting;
  }

  /** It is not in the wheel any more. */
  final void due() {
    waiting = false;
  }

  /**
   * It will not fire.
   *
   * @return whether it was in the wheel and would have fired
   */
  final boolean markCancelled() {
    boolean would = waiting && !isObsolete();
    cancelled = true;
    return would;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    throw new AssertionError(this + " is not for mailboxes");
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    // A timer ends with its actor.
  }
}
