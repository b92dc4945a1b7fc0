package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How many elements of a {@link PushPublisher} wait for its subscriber, and what becomes of one
 * more. Immutable: each {@code with} method returns a changed copy.
 *
 * @param <T> the type of the elements
 */
public final class PushOptions<T> {
  /** The largest capacity. */
  public static final int MAX_CAPACITY = 1 << 16;

  /** What happens to an element that finds no room. */
  public enum Overflow {
    /** It is not taken: {@link PushPublisher#offer} gives false. The default. */
    REJECT,

    /** It is taken and given back at once by {@linkplain #withDiscard the discard hook}. */
    DROP_NEWEST,

    /** The one that has waited longest is given back by the discard hook and makes room. */
    DROP_OLDEST,

    /**
     * It is not taken, and the stream ends: what waits still comes, and behind it {@code onError}
     * with an {@link IllegalStateException}.
     */
    FAIL
  }

  private final int capacity;
  private final Overflow overflow;
  private final Consumer<? super T> discard;
  private final ActorOptions actor;

  private PushOptions(
      int capacity, Overflow overflow, Consumer<? super T> discard, ActorOptions actor) {
    this.capacity = capacity;
    this.overflow = overflow;
    this.discard = discard;
    this.actor = actor;
  }

  /**
   * Up to a number of elements wait, and one more is not taken; those that nobody takes are
   * dropped.
   *
   * @param capacity how many, 1 to 65536; memory for up to twice as many is taken at once. More
   *     hides a longer pause of the subscriber, and lets elements get older
   * @param <T> the type of the elements
   * @return the options
   */
  public static <T> PushOptions<T> bounded(int capacity) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException("capacity: " + capacity + "; give 1 to " + MAX_CAPACITY);
    }
    return new PushOptions<>(capacity, Overflow.REJECT, element -> {}, ActorOptions.defaults());
  }

  /**
   * Only the latest element waits: one place, and {@link Overflow#DROP_OLDEST}.
   *
   * @param <T> the type of the elements
   * @return the options
   */
  public static <T> PushOptions<T> latest() {
    return PushOptions.<T>bounded(1).withOverflow(Overflow.DROP_OLDEST);
  }

  /**
   * Says what happens to an element that finds no room.
   *
   * @param policy the policy
   * @return the changed copy
   */
  public PushOptions<T> withOverflow(Overflow policy) {
    return new PushOptions<>(capacity, Objects.requireNonNull(policy, "policy"), discard, actor);
  }

  /**
   * Says how an element is given back that was taken and does not reach the subscriber: a buffer
   * released, a connection closed.
   *
   * @param hook called once for each such element, on the executor or on the thread that offers or
   *     closes; must not block; what it throws is logged
   * @return the changed copy
   */
  public PushOptions<T> withDiscard(Consumer<? super T> hook) {
    return new PushOptions<>(capacity, overflow, Objects.requireNonNull(hook, "hook"), actor);
  }

  /**
   * Says how the actors of the publisher are spawned: their name, which gets a number for each, and
   * their priority class. Executor, supervision and mailbox are not looked at.
   *
   * @param options the options
   * @return the changed copy
   */
  public PushOptions<T> withActor(ActorOptions options) {
    return new PushOptions<>(
        capacity, overflow, discard, Objects.requireNonNull(options, "options"));
  }

  /**
   * How many elements wait at most.
   *
   * @return 1 to 65536
   */
  public int capacity() {
    return capacity;
  }

  /**
   * What happens to an element that finds no room.
   *
   * @return the policy
   */
  public Overflow overflow() {
    return overflow;
  }

  Discard<T> discard() {
    return new Discard<>(discard);
  }

  ActorOptions actor() {
    return actor;
  }
}
