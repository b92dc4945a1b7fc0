package dev.ringlet.actor;

import java.util.Comparator;
import java.util.Objects;
import java.util.function.Function;

/**
 * How the messages of an actor wait. Immutable.
 *
 * <p>Messages are what is told and asked. What the actor itself has asked for (its start, timers,
 * operations, stages, elements of streams, answers, ends of actors it watches) is not bounded nor
 * ordered by these; with any but {@link #unbounded()} it comes before the messages.
 */
public sealed interface Mailbox {
  /** What happens to a message that finds a bounded mailbox full. */
  enum Overflow {
    /**
     * It is not taken: {@link ActorRef#tryTell} gives false, {@link ActorRef#ask} fails with {@link
     * MailboxFullException}, and for {@link ActorRef#tell} it is a dead letter.
     */
    REJECT,

    /** It is a dead letter, however it was sent; a question fails. */
    DROP_NEWEST,

    /** The one that has waited longest is a dead letter and makes room; a question fails. */
    DROP_OLDEST,

    /** {@link ActorRef#tell} throws {@link MailboxFullException}; else as {@link #REJECT}. */
    FAIL
  }

  /** One after the other, as many as there is memory for. */
  record Unbounded() implements Mailbox {
    private static final Unbounded INSTANCE = new Unbounded();
  }

  /**
   * One after the other, up to a number; messages on their way from other executors count.
   *
   * @param capacity how many, 1 to 2^20; memory for as many is taken at once
   * @param overflow what happens to one more
   */
  record Bounded(int capacity, Overflow overflow) implements Mailbox {
    /** The largest capacity. */
    public static final int MAX_CAPACITY = 1 << 20;

    /** Checks the values. */
    public Bounded {
      if (capacity < 1 || capacity > MAX_CAPACITY) {
        throw new IllegalArgumentException("capacity: " + capacity + "; give 1 to " + MAX_CAPACITY);
      }
      Objects.requireNonNull(overflow, "overflow");
    }
  }

  /**
   * The smallest first, among equals the one that came first.
   *
   * @param order compares two messages of the actor; called on the actor's executor. What it throws
   *     is a failure of the actor, and the two count as equal.
   */
  record Priority(Comparator<Object> order) implements Mailbox {
    /** Checks the value. */
    public Priority {
      Objects.requireNonNull(order, "order");
    }
  }

  /**
   * One per key, the newest, at the place of the one it replaces.
   *
   * @param keyOf gives the key of a message of the actor; called on the actor's executor. What it
   *     throws is a failure of the actor, as if the message had been handled.
   */
  record Conflating(Function<Object, ?> keyOf) implements Mailbox {
    /** Checks the value. */
    public Conflating {
      Objects.requireNonNull(keyOf, "keyOf");
    }
  }

  /**
   * As many as there is memory for, in their order. The default.
   *
   * @return the mailbox
   */
  static Mailbox unbounded() {
    return Unbounded.INSTANCE;
  }

  /**
   * Up to a number, in their order.
   *
   * @param capacity how many, 1 to 2^20
   * @param overflow what happens to one more
   * @return the mailbox
   */
  static Mailbox bounded(int capacity, Overflow overflow) {
    return new Bounded(capacity, overflow);
  }

  /**
   * The smallest first, among equals the one that came first.
   *
   * @param order compares two messages of the actor
   * @param <M> the type of the actor's messages
   * @return the mailbox
   */
  @SuppressWarnings("unchecked") // the actor's messages are all it is given
  static <M> Mailbox priority(Comparator<? super M> order) {
    return new Priority((Comparator<Object>) order);
  }

  /**
   * One per key, the newest. A question that is replaced fails with {@link RingletException}.
   *
   * @param keyOf gives the key of a message of the actor
   * @param <M> the type of the actor's messages
   * @return the mailbox
   */
  @SuppressWarnings("unchecked") // the actor's messages are all it is given
  static <M> Mailbox conflating(Function<? super M, ?> keyOf) {
    return new Conflating((Function<Object, ?>) keyOf);
  }
}
