package dev.ringlet.reactive;

import org.reactivestreams.Subscriber;

/**
 * A subscriber whose signals become messages of an actor; made by {@link Subscribers#toActor}.
 *
 * <p><b>Thread:</b> any thread. For one subscription: a second one is cancelled (rule 2.5).
 *
 * @param <T> the type of the elements
 */
public interface ActorSubscriber<T> extends Subscriber<T> {
  /**
   * Cancels the upstream: soon, from the executor of the subscription. Elements that were sent to
   * the actor still come, and no other signal. Does nothing once the stream has ended; called
   * before the subscription, it has that cancelled when it comes.
   */
  void cancel();
}
