package dev.ringlet.actor;

/**
 * A timer without a key. <b>Thread:</b> owner executor, during a turn of the actor that started it.
 */
public interface TimerHandle {
  /**
   * Ends the timer; does nothing if it has ended. A tick that is in the mailbox already is not
   * delivered.
   *
   * @return whether it was still going to tick
   */
  boolean cancel();
}
