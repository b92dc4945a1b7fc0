package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How one stream is given to several subscribers. Immutable: each {@code with} method returns a
 * changed copy.
 *
 * <p>Elements that have to be given back, such as buffers, need two hooks. Every subscriber gets an
 * element of its own and gives it back: the last one the element itself, the others, before that,
 * what {@link #withShare} makes of it. What nobody takes is given back by {@link #withDiscard}.
 * Without the hooks all subscribers get the same object, and nothing is given back.
 *
 * <pre>{@code
 * MulticastOptions.<IoBuffer>slowest(256)
 *     .withShare(buffer -> buffer.slice(buffer.readerIndex(), buffer.readableBytes()))
 *     .withDiscard(IoBuffer::release)
 * }</pre>
 *
 * @param <T> the type of the elements
 */
public final class MulticastOptions<T> {
  /** The largest buffer. */
  public static final int MAX_BUFFER = 1 << 16;

  private final int buffer;
  private final boolean dropping;
  private final int replay;
  private final int connectAt;
  private final boolean stayConnected;
  private final Hooks<T> hooks;
  private final ActorOptions actor;

  private MulticastOptions(
      int buffer,
      boolean dropping,
      int replay,
      int connectAt,
      boolean stayConnected,
      Hooks<T> hooks,
      ActorOptions actor) {
    this.buffer = buffer;
    this.dropping = dropping;
    this.replay = replay;
    this.connectAt = connectAt;
    this.stayConnected = stayConnected;
    this.hooks = hooks;
    this.actor = actor;
  }

  /**
   * The slowest subscriber holds the upstream back, and the other subscribers with it: no more is
   * asked for than each of them has room for. A subscriber that asks for nothing stops them all.
   *
   * @param buffer how many elements are asked for and not taken by all at most, 1 to 65536; room
   *     for twice as many, and those to be replayed, is taken while there are subscribers. More
   *     lets the others get further ahead of the slowest
   * @param <T> the type of the elements
   * @return the options
   */
  public static <T> MulticastOptions<T> slowest(int buffer) {
    return new MulticastOptions<>(
        checkBuffer(buffer), false, 0, 1, false, Hooks.none(), ActorOptions.defaults());
  }

  /**
   * A subscriber that has no room loses elements, the oldest of those that it has not taken; the
   * other subscribers lose nothing. Who has asked for an element gets it, if that was known before
   * the next one came. The upstream is always asked for more.
   *
   * @param buffer how many elements wait for one subscriber at most, 1 to 65536; also how many the
   *     upstream is asked for. Room for twice as many, and those to be replayed, is taken while
   *     there are subscribers. More tides over longer pauses, and what comes then is older
   * @param <T> the type of the elements
   * @return the options
   */
  public static <T> MulticastOptions<T> dropping(int buffer) {
    return new MulticastOptions<>(
        checkBuffer(buffer), true, 0, 1, false, Hooks.none(), ActorOptions.defaults());
  }

  private static int checkBuffer(int buffer) {
    if (buffer < 1 || buffer > MAX_BUFFER) {
      throw new IllegalArgumentException("buffer: " + buffer + "; give 1 to " + MAX_BUFFER);
    }
    return buffer;
  }

  /**
   * Says how many of the last elements a subscriber gets that comes later; 0 unless set. They are
   * kept until newer ones take their place or the upstream is cancelled, and after its end until
   * {@link Multicast#close}.
   *
   * @param elements 0 to the size of the buffer
   * @return the changed copy
   */
  public MulticastOptions<T> withReplay(int elements) {
    if (elements < 0 || elements > buffer) {
      throw new IllegalArgumentException(
          "replay: " + elements + "; give 0 to " + buffer + ", or options with a larger buffer");
    }
    return new MulticastOptions<>(
        buffer, dropping, elements, connectAt, stayConnected, hooks, actor);
  }

  /**
   * Says when the upstream is subscribed: when so many subscribers are there; 1 unless set. It is
   * asked when the first of them asks. With 0 it is subscribed and asked at once, and what comes
   * before the first subscriber is only kept to be replayed.
   *
   * @param subscribers 0 or more
   * @return the changed copy
   */
  public MulticastOptions<T> withConnectAt(int subscribers) {
    if (subscribers < 0) {
      throw new IllegalArgumentException(
          "subscribers: " + subscribers + "; give 0 to connect at once, or how many to wait for");
    }
    return new MulticastOptions<>(
        buffer, dropping, replay, subscribers, stayConnected, hooks, actor);
  }

  /**
   * Says what becomes of the upstream when the last subscriber has left. Unless set it is
   * cancelled, nothing is kept to be replayed, and with the next subscribers the upstream is
   * subscribed anew.
   *
   * @param stay true to go on: elements are then only kept to be replayed, until {@link
   *     Multicast#close}
   * @return the changed copy
   */
  public MulticastOptions<T> withStayConnected(boolean stay) {
    return new MulticastOptions<>(buffer, dropping, replay, connectAt, stay, hooks, actor);
  }

  /**
   * Says how an element is shared that several get.
   *
   * @param hook makes what a subscriber gets from the element, which stays as it is; called on the
   *     executor, once for each subscriber that gets it while it is still needed, by another one or
   *     to be replayed; must not block. If it throws or gives null, that subscriber gets {@code
   *     onError}
   * @return the changed copy
   */
  public MulticastOptions<T> withShare(UnaryOperator<T> hook) {
    return withHooks(
        new Hooks<>(Objects.requireNonNull(hook, "hook"), hooks.discard(), hooks.dropped()));
  }

  /**
   * Says how an element is given back that nobody takes any more: a buffer released.
   *
   * @param hook called once for each element, and for each that was made by sharing it, that no
   *     subscriber gets; on the executor or on the upstream's thread; must not block; what it
   *     throws is logged
   * @return the changed copy
   */
  public MulticastOptions<T> withDiscard(Consumer<? super T> hook) {
    return withHooks(
        new Hooks<>(hooks.share(), Objects.requireNonNull(hook, "hook"), hooks.dropped()));
  }

  /**
   * Has somebody told of each element that a subscriber has lost.
   *
   * @param hook may look at the element and must not keep it; called on the executor, once for each
   *     subscriber; must not block; what it throws is logged
   * @return the changed copy
   */
  public MulticastOptions<T> withOnDropped(Consumer<? super T> hook) {
    return withHooks(
        new Hooks<>(hooks.share(), hooks.discard(), Objects.requireNonNull(hook, "hook")));
  }

  private MulticastOptions<T> withHooks(Hooks<T> changed) {
    return new MulticastOptions<>(
        buffer, dropping, replay, connectAt, stayConnected, changed, actor);
  }

  /**
   * Says how the actor is spawned: its name, which gets a number, and its priority class. Executor,
   * supervision and mailbox are not looked at.
   *
   * @param options the options
   * @return the changed copy
   */
  public MulticastOptions<T> withActor(ActorOptions options) {
    return new MulticastOptions<>(
        buffer,
        dropping,
        replay,
        connectAt,
        stayConnected,
        hooks,
        Objects.requireNonNull(options, "options"));
  }

  /**
   * How many elements may wait for a subscriber.
   *
   * @return 1 to 65536
   */
  public int buffer() {
    return buffer;
  }

  /**
   * Whether a subscriber without room loses elements.
   *
   * @return false if it holds the upstream back
   */
  public boolean isDropping() {
    return dropping;
  }

  /**
   * How many of the last elements a subscriber gets that comes later.
   *
   * @return 0 to {@link #buffer}
   */
  public int replay() {
    return replay;
  }

  /**
   * At how many subscribers the upstream is subscribed.
   *
   * @return 0 or more
   */
  public int connectAt() {
    return connectAt;
  }

  /**
   * Whether the upstream goes on without subscribers.
   *
   * @return false if it is cancelled
   */
  public boolean isStayConnected() {
    return stayConnected;
  }

  UnaryOperator<T> share() {
    return hooks.share();
  }

  Discard<T> discard() {
    return new Discard<>(hooks.discard());
  }

  Consumer<? super T> onDropped() {
    return hooks.dropped();
  }

  ActorOptions actor() {
    return actor;
  }

  private record Hooks<T>(
      UnaryOperator<T> share, Consumer<? super T> discard, Consumer<? super T> dropped) {
    static <T> Hooks<T> none() {
      return new Hooks<>(UnaryOperator.identity(), element -> {}, element -> {});
    }
  }
}
