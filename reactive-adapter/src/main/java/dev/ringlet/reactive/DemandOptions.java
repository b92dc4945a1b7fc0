package dev.ringlet.reactive;

import dev.ringlet.actor.ActorOptions;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How elements are asked for, and what becomes of those that nobody takes. Immutable: each {@code
 * with} method returns a changed copy.
 *
 * @param <T> the type of the elements
 */
public final class DemandOptions<T> {
  /** The largest number of elements that may be asked for. */
  public static final int MAX_AHEAD = 1 << 16;

  /** When an element is used up, so that the upstream may be asked for another one. */
  enum Use {
    TAKEN,
    ACKNOWLEDGED,
    IN_MAILBOX
  }

  private final int ahead;
  private final int lowWater;
  private final Use use;
  private final Consumer<? super T> discard;
  private final ActorOptions actor;

  private DemandOptions(
      int ahead, int lowWater, Use use, Consumer<? super T> discard, ActorOptions actor) {
    this.ahead = ahead;
    this.lowWater = lowWater;
    this.use = use;
    this.discard = discard;
    this.actor = actor;
  }

  /**
   * Asks for a batch, and for as many as were taken since then when no more than a quarter of it is
   * left; elements that nobody takes are dropped.
   *
   * @param size how many elements are asked for and not taken at most, 1 to 65536; room for as many
   *     is taken for each subscription. More hides a longer way to the upstream
   * @param <T> the type of the elements
   * @return the options
   */
  public static <T> DemandOptions<T> batch(int size) {
    checkAhead("size", size);
    return new DemandOptions<>(size, size / 4, Use.TAKEN, element -> {}, ActorOptions.defaults());
  }

  /**
   * Asks for one more element when one is acknowledged, see {@link StreamSignal.Element}; elements
   * that nobody takes are dropped.
   *
   * <p>An element that is never acknowledged keeps its place for ever, and after {@code ahead} of
   * them the upstream is not asked any more. Where the actor's turns may fail and it goes on, use
   * {@code try (element)}.
   *
   * @param ahead how many elements are asked for and not acknowledged, 1 to 65536; with 1 the next
   *     element is asked for only when the one before was handled
   * @param <T> the type of the elements
   * @return the options
   */
  public static <T> DemandOptions<T> acknowledged(int ahead) {
    checkAhead("ahead", ahead);
    return new DemandOptions<>(
        ahead, ahead - 1, Use.ACKNOWLEDGED, element -> {}, ActorOptions.defaults());
  }

  /**
   * Asks for as many elements as a bounded mailbox has room for, for {@link Subscribers#toActor}:
   * an element is used up when the mailbox has taken its message. More is asked for when no more
   * than a quarter of {@code ahead} is left; elements that nobody takes are dropped.
   *
   * <p>So at most the capacity of the mailbox and {@code ahead} are asked for and not handled, and
   * one limit is shared by the stream and all others who send to the actor. What the actor does
   * with an element once it has the message is its own business: one that it keeps, stashes or
   * leaves untaken in a failed turn holds nothing up, and untaken ones are kept until it stops, to
   * be given back.
   *
   * @param ahead how many elements are asked for and not in the mailbox, 1 to 65536; more hides a
   *     longer way to the upstream
   * @param <T> the type of the elements
   * @return the options
   */
  public static <T> DemandOptions<T> mailboxRoom(int ahead) {
    checkAhead("ahead", ahead);
    return new DemandOptions<>(
        ahead, ahead / 4, Use.IN_MAILBOX, element -> {}, ActorOptions.defaults());
  }

  private static void checkAhead(String name, int value) {
    if (value < 1 || value > MAX_AHEAD) {
      throw new IllegalArgumentException(name + ": " + value + "; give 1 to " + MAX_AHEAD);
    }
  }

  /**
   * Says when more is asked for.
   *
   * @param elements when so many are left, or fewer, of those that were asked for: 0 to one less
   *     than {@link #ahead}. Fewer asks less often, and may let the upstream pause
   * @return the changed copy
   * @throws IllegalStateException if elements are acknowledged: then each asks for the next one
   */
  public DemandOptions<T> withLowWater(int elements) {
    if (isAcknowledged()) {
      throw new IllegalStateException(
          "lowWater: " + elements + "; acknowledged elements have none, use batch(size)");
    }
    if (elements < 0 || elements >= ahead) {
      throw new IllegalArgumentException("lowWater: " + elements + "; give 0 to " + (ahead - 1));
    }
    return new DemandOptions<>(ahead, elements, use, discard, actor);
  }

  /**
   * Says how an element is given back that nobody takes any more: a buffer released, a connection
   * closed.
   *
   * @param hook called once for each such element, on the executor or on the upstream's thread;
   *     must not block; what it throws is logged
   * @return the changed copy
   */
  public DemandOptions<T> withDiscard(Consumer<? super T> hook) {
    return new DemandOptions<>(ahead, lowWater, use, Objects.requireNonNull(hook, "hook"), actor);
  }

  /**
   * Says how the actor of a subscription is spawned: its name, which gets a number for each, and
   * its priority class. Executor and mailbox are not looked at, and the supervision is only where
   * the actor is the user's own, as in {@link Processors#throughActor(
   * org.reactivestreams.Publisher, dev.ringlet.executor.ActorExecutor, java.util.function.Function,
   * DemandOptions)}.
   *
   * @param options the options
   * @return the changed copy
   */
  public DemandOptions<T> withActor(ActorOptions options) {
    return new DemandOptions<>(
        ahead, lowWater, use, discard, Objects.requireNonNull(options, "options"));
  }

  /**
   * How many elements are asked for and not taken, or not acknowledged, or not in the mailbox, at
   * most.
   *
   * @return 1 to 65536
   */
  public int ahead() {
    return ahead;
  }

  /**
   * How many of them are left when more is asked for.
   *
   * @return 0 to one less than {@link #ahead}
   */
  public int lowWater() {
    return lowWater;
  }

  /**
   * Whether elements count when they are acknowledged, and not when they are taken.
   *
   * @return true after {@link #acknowledged(int)}
   */
  public boolean isAcknowledged() {
    return use == Use.ACKNOWLEDGED;
  }

  /**
   * Whether elements count when the actor's mailbox has taken them, and not when they are taken.
   *
   * @return true after {@link #mailboxRoom(int)}
   */
  public boolean isMailboxRoom() {
    return use == Use.IN_MAILBOX;
  }

  Use use() {
    return use;
  }

  /** How many must be used up before more is asked for. */
  int refill() {
    return ahead - lowWater;
  }

  Discard<T> discard() {
    return new Discard<>(discard);
  }

  ActorOptions actor() {
    return actor;
  }
}
