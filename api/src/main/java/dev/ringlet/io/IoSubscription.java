package dev.ringlet.io;

/**
 * The running side of an {@link IoStream}. <b>Thread:</b> owner executor, during a turn of the
 * actor that subscribed.
 */
public interface IoSubscription {
  /**
   * Allows more elements to come; demands add up, {@link Long#MAX_VALUE} means no limit.
   *
   * @param count more than zero
   */
  void request(long count);

  /**
   * Ends the stream: no element is delivered after this call; those that were on their way are
   * given back.
   */
  void cancel();
}
