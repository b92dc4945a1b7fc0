package dev.ringlet.actor;

import java.time.Duration;

/**
 * Messages to oneself, later.
 *
 * <p><b>Thread:</b> owner executor, during a turn. <b>Precision:</b> never early; late by at most
 * one time slice, and by about 0.1 ms on an idle executor.
 *
 * <p>Each timer has a key; starting another with the same key replaces it. A tick that was already
 * in the mailbox when its timer was cancelled or replaced is not delivered.
 *
 * @param <M> the type of messages the actor accepts
 */
public interface Timers<M> {
  /**
   * Sends the message once.
   *
   * @param key identifies the timer within the actor
   * @param delay how long from now; zero means the next turn
   * @param message the message
   */
  void once(Object key, Duration delay, M message);

  /**
   * Sends the message again and again, each time the interval after the previous tick was handled.
   *
   * @param key identifies the timer within the actor
   * @param interval the pause between ticks; more than zero
   * @param message the message
   */
  void fixedDelay(Object key, Duration interval, M message);

  /**
   * Ends a timer; does nothing if there is none.
   *
   * @param key identifies the timer within the actor
   */
  void cancel(Object key);
}
