package dev.ringlet.actor;

import java.util.Objects;
import java.util.function.Function;

/**
 * How a router chooses the routee that gets a message. Immutable; the choice is made by the sender,
 * on its thread.
 *
 * @param <M> the type of messages
 */
public sealed interface Routing<M> {
  /**
   * One after the other.
   *
   * @param <M> the type of messages
   */
  record RoundRobin<M>() implements Routing<M> {}

  /**
   * Any one.
   *
   * @param <M> the type of messages
   */
  record Random<M>() implements Routing<M> {}

  /**
   * The same one for the same key, as long as it lives: when a routee stops, only its own keys go
   * to others (rendezvous hashing, Thaler and Ravishankar 1998). The cost grows with the number of
   * routees.
   *
   * @param keyOf tells the key of a message; what it throws, the sender gets, and a question fails
   *     with it
   * @param <M> the type of messages
   */
  record ConsistentHash<M>(Function<? super M, ?> keyOf) implements Routing<M> {
    /** Checks the value. */
    public ConsistentHash {
      Objects.requireNonNull(keyOf, "keyOf");
    }
  }

  /**
   * All of them; those that have no room do not keep it from the others, and {@link
   * ActorRef#tryTell} is false only if none had room. Such a router takes no questions, because
   * they have one answer.
   *
   * @param <M> the type of messages
   */
  record Broadcast<M>() implements Routing<M> {}

  /**
   * The one that has the fewest messages of this router waiting, those on their way included.
   *
   * @param <M> the type of messages
   */
  record SmallestMailbox<M>() implements Routing<M> {}

  /**
   * One after the other.
   *
   * @param <M> the type of messages
   * @return the routing
   */
  static <M> Routing<M> roundRobin() {
    return new RoundRobin<>();
  }

  /**
   * Any one.
   *
   * @param <M> the type of messages
   * @return the routing
   */
  static <M> Routing<M> random() {
    return new Random<>();
  }

  /**
   * The same one for the same key.
   *
   * @param keyOf tells the key of a message; not null
   * @param <M> the type of messages
   * @return the routing
   */
  static <M> Routing<M> consistentHash(Function<? super M, ?> keyOf) {
    return new ConsistentHash<>(keyOf);
  }

  /**
   * All of them.
   *
   * @param <M> the type of messages
   * @return the routing
   */
  static <M> Routing<M> broadcast() {
    return new Broadcast<>();
  }

  /**
   * The one with the fewest messages waiting.
   *
   * @param <M> the type of messages
   * @return the routing
   */
  static <M> Routing<M> smallestMailbox() {
    return new SmallestMailbox<>();
  }
}
