package dev.ringlet.reactive;

/**
 * Where a source actor gives its elements: the way to its one subscriber.
 *
 * <p><b>Thread:</b> owner executor, during the actor's turns. Every method throws {@link
 * IllegalStateException} on any other thread.
 *
 * @param <T> the type of the elements
 */
public interface Sink<T> {
  /**
   * Gives one element to the subscriber, within this call.
   *
   * <p>When the answer is false the element stays the caller's: nobody listens any more, because
   * the subscriber has cancelled or the stream has ended. A loop must stop then.
   *
   * @param element the element
   * @return true if the subscriber got it
   * @throws IllegalStateException if the subscriber did not ask for it: {@link #demand()} is zero
   */
  boolean next(T element);

  /**
   * Ends the stream regularly; the actor stops soon after this turn. Does nothing if the stream has
   * ended or was cancelled.
   */
  void complete();

  /**
   * Ends the stream with a failure; the actor stops soon after this turn. Does nothing if the
   * stream has ended or was cancelled.
   *
   * @param failure what the subscriber gets
   */
  void fail(Throwable failure);

  /**
   * How many elements the subscriber still waits for, of those that the actor was told of.
   *
   * @return zero or more; {@link Long#MAX_VALUE} means no limit; zero once nobody listens any more
   */
  long demand();
}
