package dev.ringlet.actor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The address of a service that has one actor, a <i>shard</i>, on each executor. A message goes to
 * the shard that owns its key, so that all that concerns a key happens on one core, in order.
 *
 * <p><b>Thread:</b> any thread. Which shard owns a key depends on {@link Object#hashCode} and the
 * number of executors only.
 *
 * @param <M> the type of messages the shards accept
 */
public interface ShardedRef<M> extends ActorRef<M> {
  /**
   * The shards, by index of their executors.
   *
   * @return an immutable list
   */
  List<ActorRef<M>> shards();

  /**
   * The shard that owns a key.
   *
   * @param key the key
   * @return its address
   */
  ActorRef<M> shardOf(Object key);

  /**
   * Sends a message to every shard.
   *
   * @param message the message; shared by the shards, so it must not change
   */
  void tellAll(M message);

  /**
   * Asks every shard.
   *
   * @param message builds the message from the address to reply to; called once per shard
   * @param timeout how long to wait for each reply; more than zero
   * @param <R> the type of the replies
   * @return the replies in the order of the shards, or the first failure
   */
  <R> CompletionStage<List<R>> askAll(
      Function<? super ActorRef<R>, ? extends M> message, Duration timeout);

  /**
   * Asks every shard and folds the replies.
   *
   * @param message builds the message from the address to reply to; called once per shard
   * @param timeout how long to wait for each reply; more than zero
   * @param identity what the fold begins with
   * @param reduce takes what was folded so far and one more reply, in the order of the shards
   * @param <R> the type of the replies
   * @param <A> the type of the result
   * @return the result, or the first failure
   */
  default <R, A> CompletionStage<A> askAll(
      Function<? super ActorRef<R>, ? extends M> message,
      Duration timeout,
      A identity,
      BiFunction<? super A, ? super R, ? extends A> reduce) {
    return this.<R>askAll(message, timeout)
        .thenApply(
            replies -> {
              A result = identity;
              for (R reply : replies) {
                result = reduce.apply(result, reply);
              }
              return result;
            });
  }
}
