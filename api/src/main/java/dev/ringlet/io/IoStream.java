package dev.ringlet.io;

import dev.ringlet.executor.ActorExecutor;

/**
 * Many elements that come from one request: accepted connections, received data. Cold: nothing
 * happens until an actor subscribes through its context, and with no demand nothing is asked of the
 * kernel.
 *
 * <p><b>Thread:</b> any thread. One subscription at a time.
 *
 * @param <T> the type of the elements
 */
public interface IoStream<T> {
  /**
   * The executor whose actors can subscribe.
   *
   * @return the home executor
   */
  ActorExecutor executor();

  /**
   * Gives back what an element owns, when nobody is going to use it.
   *
   * @param element an element of this stream: a connection is closed, a buffer released
   */
  void discard(T element);
}
