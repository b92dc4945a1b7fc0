package dev.ringlet.reactive;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * A hot publisher for one subscriber that any thread pushes elements into; made by {@link
 * Publishers#push}. Elements wait, before there is a subscriber too, up to the capacity of its
 * {@link PushOptions}, which also tell what becomes of one more.
 *
 * <p>It holds an actor of its executor until the stream is over: until the subscriber has got the
 * end or has cancelled, {@link #close} was called, or the system is closed. One that gets no
 * subscriber is therefore to be closed.
 *
 * <p><b>Thread:</b> any thread, several at once; the elements of one thread come in its order. A
 * second subscriber gets {@code onError} with an {@link IllegalStateException}.
 *
 * @param <T> the type of the elements
 */
public interface PushPublisher<T> extends Publisher<T> {
  /**
   * Offers an element; does not block. Where the oldest has to make room it may spin for the moment
   * in which another thread puts that one into its place or takes it out.
   *
   * <p>When the answer is true, the element goes over to the subscriber, or is given back by the
   * discard hook. When it is false, the element stays the caller's: the stream has ended, as {@link
   * #isClosed} tells, or there is no room and the overflow policy is {@code REJECT} or {@code
   * FAIL}.
   *
   * @param element the element
   * @return whether it was taken
   */
  boolean offer(T element);

  /** Ends the stream regularly, behind what waits. Does nothing if it has ended. */
  void complete();

  /**
   * Ends the stream with a failure, behind what waits. Does nothing if it has ended.
   *
   * @param failure what the subscriber gets
   */
  void fail(Throwable failure);

  /**
   * Ends the stream now: what waits is given back by the discard hook, and the subscriber, even if
   * it comes later, gets {@code onError} with a {@link java.util.concurrent.CancellationException}.
   * Does nothing once the subscriber has got the end or has cancelled.
   */
  void close();

  /**
   * Whether no element is taken any more: the stream has ended in whatever way, or the subscriber
   * has cancelled.
   *
   * @return true from then on
   */
  boolean isClosed();

  /**
   * Tells when nothing more reaches a subscriber: it has got the end or has cancelled, {@link
   * #close} was called, or the system was closed. What has waited is given back then, but for an
   * element that is just being offered, passed on or given back; {@code onError} may come later.
   *
   * @return completes with null, on the executor or on the thread that closes; what depends on it
   *     must not block. It cannot be completed from outside
   */
  CompletionStage<@Nullable Void> whenOver();
}
