package dev.ringlet.reactive;

import org.reactivestreams.Publisher;

/**
 * A publisher that is subscribed to its upstream once and gives every element to all subscribers
 * that are there; made by {@link Processors#multicast}.
 *
 * <p><b>Thread:</b> any thread.
 *
 * @param <T> the type of the elements
 */
public interface Multicast<T> extends Publisher<T>, AutoCloseable {
  /**
   * How many elements were lost by subscribers that had no room for them; an element that two of
   * them have lost counts twice.
   *
   * @return the number since the publisher was made; stays zero where the slowest subscriber holds
   *     the upstream back
   */
  long dropped();

  /**
   * Ends it now: cancels the upstream, gives back what waits and what would be replayed, and lets
   * the subscribers, those who come later too, have {@code onError} with a {@link
   * java.util.concurrent.CancellationException}. Returns at once; the executor does it soon. Does
   * nothing the second time.
   *
   * <p>A multicast with default options needs no close, for it holds nothing without subscribers.
   * It is needed when elements are kept to be replayed after the end of the upstream, and when that
   * is subscribed without subscribers or goes on without them.
   */
  @Override
  void close();
}
