package dev.ringlet.actor;

import java.time.Duration;

/**
 * Messages to oneself, later.
 *
 * <p><b>Thread:</b> owner executor, during a turn. <b>Precision:</b> never early; late by at most
 * one time slice, and by about 0.1 ms on an idle executor.
 *
 * <p>A timer with a key replaces the one that has it already. One without is told by its handle; it
 * costs less where there are many. Either way a tick that was already in the mailbox when its timer
 * was cancelled or replaced is not delivered. Starting and cancelling take constant time, however
 * many timers wait. Timers of one deadline tick in the order they were started.
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
   * Sends the message once.
   *
   * @param delay how long from now; zero means the next turn
   * @param message the message
   * @return the way to cancel it
   */
  TimerHandle once(Duration delay, M message);

  /**
   * Sends the message again and again, each time the interval after the previous tick was handled.
   *
   * @param key identifies the timer within the actor
   * @param interval the pause between ticks; more than zero
   * @param message the message
   */
  void fixedDelay(Object key, Duration interval, M message);

  /**
   * Sends the message again and again, the interval apart on the average: after a tick that came
   * late the next ones come sooner, and those that were missed come one after the other.
   *
   * @param key identifies the timer within the actor
   * @param interval the time from tick to tick; more than zero
   * @param message the message
   */
  void fixedRate(Object key, Duration interval, M message);

  /**
   * Ends a timer; does nothing if there is none.
   *
   * @param key identifies the timer within the actor
   */
  void cancel(Object key);
}
