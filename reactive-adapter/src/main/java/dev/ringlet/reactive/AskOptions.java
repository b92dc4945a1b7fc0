package dev.ringlet.reactive;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How an actor is asked about the elements of a stream. Immutable: each {@code with} method returns
 * a changed copy.
 *
 * @param <R> the type of the replies
 */
public final class AskOptions<R> {
  /** The largest parallelism. */
  public static final int MAX_PARALLELISM = 1 << 16;

  private final int parallelism;
  private final boolean ordered;
  private final Duration timeout;
  private final Consumer<? super R> discard;

  private AskOptions(
      int parallelism, boolean ordered, Duration timeout, Consumer<? super R> discard) {
    if (parallelism < 1 || parallelism > MAX_PARALLELISM) {
      throw new IllegalArgumentException(
          "parallelism: " + parallelism + "; give 1 to " + MAX_PARALLELISM);
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: " + timeout + "; give more than zero");
    }
    this.parallelism = parallelism;
    this.ordered = ordered;
    this.timeout = timeout;
    this.discard = discard;
  }

  /**
   * Replies come in the order of the elements: one that is late holds up those behind it.
   *
   * @param parallelism how many questions are open, and replies wait, at most; 1 to 65536
   * @param timeout how long one question may take; more than zero
   * @param <R> the type of the replies
   * @return the options; replies that nobody takes are dropped
   */
  public static <R> AskOptions<R> ordered(int parallelism, Duration timeout) {
    return new AskOptions<>(parallelism, true, timeout, reply -> {});
  }

  /**
   * Replies come in the order in which they are given.
   *
   * @param parallelism how many questions are open, and replies wait, at most; 1 to 65536
   * @param timeout how long one question may take; more than zero
   * @param <R> the type of the replies
   * @return the options; replies that nobody takes are dropped
   */
  public static <R> AskOptions<R> unordered(int parallelism, Duration timeout) {
    return new AskOptions<>(parallelism, false, timeout, reply -> {});
  }

  /**
   * Says how a reply is given back that nobody takes any more.
   *
   * @param hook called once for each such reply, on the executor, or by whoever gives one that
   *     comes too late or is the second; must not block; what it throws is logged
   * @return the changed copy
   */
  public AskOptions<R> withDiscard(Consumer<? super R> hook) {
    return new AskOptions<>(parallelism, ordered, timeout, Objects.requireNonNull(hook, "hook"));
  }

  /**
   * How many questions are open, and replies wait, at most.
   *
   * @return 1 to 65536
   */
  public int parallelism() {
    return parallelism;
  }

  /**
   * Whether replies come in the order of the elements.
   *
   * @return false if they come as they are given
   */
  public boolean isOrdered() {
    return ordered;
  }

  /**
   * How long one question may take.
   *
   * @return more than zero
   */
  public Duration timeout() {
    return timeout;
  }

  Discard<R> discard() {
    return new Discard<>(discard);
  }
}
