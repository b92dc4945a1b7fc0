package dev.ringlet.actor;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an actor that failed: whose factory, {@code preStart}, turn, timer, adapter or
 * continuation threw. Immutable.
 *
 * <p>In every case the failure is counted and logged with the actor's path. A {@link
 * StackOverflowError} is a failure like any other. Other errors of the virtual machine, such as
 * {@link OutOfMemoryError}, are never handled here: they end the executor, and the system with it.
 *
 * <p>Who spawns an actor chooses; a choice by the kind of failure is {@link #decide}.
 */
public final class Supervision {
  private enum Directive {
    STOP,
    RESUME,
    RESTART,
    ESCALATE,
    DECIDE
  }

  /** Restarts without a limit. */
  private static final int ANY_NUMBER = Integer.MAX_VALUE;

  private static final Supervision STOP = new Supervision(Directive.STOP);
  private static final Supervision RESUME = new Supervision(Directive.RESUME);
  private static final Supervision RESTART = new Supervision(Directive.RESTART);
  private static final Supervision ESCALATE = new Supervision(Directive.ESCALATE);

  private final Directive directive;
  private final int maxRestarts;
  private final Duration window;
  private final Duration firstBackoff;
  private final Duration longestBackoff;
  private final double jitter;
  private final @Nullable Function<? super Throwable, Supervision> decision;

  private Supervision(Directive directive) {
    this(directive, ANY_NUMBER, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, null);
  }

  private Supervision(
      Directive directive,
      int maxRestarts,
      Duration window,
      Duration firstBackoff,
      Duration longestBackoff,
      double jitter,
      @Nullable Function<? super Throwable, Supervision> decision) {
    this.directive = directive;
    this.maxRestarts = maxRestarts;
    this.window = window;
    this.firstBackoff = firstBackoff;
    this.longestBackoff = longestBackoff;
    this.jitter = jitter;
    this.decision = decision;
  }

  /**
   * The actor stops; its waiting messages become dead letters. The default.
   *
   * @return the policy
   */
  public static Supervision stop() {
    return STOP;
  }

  /**
   * The failed message is dropped and the actor goes on with its state as it is. An actor that
   * failed before it had started has no state to go on with, and stops.
   *
   * @return the policy
   */
  public static Supervision resume() {
    return RESUME;
  }

  /**
   * The failed message is dropped, a new instance from the factory takes over, the mailbox is kept;
   * at once, and as often as needed. A start that fails, which might go on for ever, is tried again
   * only where a {@link #withLimit limit} or a {@link #withBackoff pause} is given; else the actor
   * stops.
   *
   * @return the policy
   */
  public static Supervision restart() {
    return RESTART;
  }

  /**
   * The actor stops, and its parent fails with the same failure: the parent's supervision decides
   * about it. A top-level actor just stops.
   *
   * @return the policy
   */
  public static Supervision escalate() {
    return ESCALATE;
  }

  /**
   * Chooses by the failure.
   *
   * @param decision gives the policy for a failure, not one that decides again; called on the
   *     actor's executor, must not block; if it throws, the actor stops
   * @return the policy
   */
  public static Supervision decide(Function<? super Throwable, Supervision> decision) {
    return new Supervision(
        Directive.DECIDE,
        ANY_NUMBER,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        0,
        Objects.requireNonNull(decision, "decision"));
  }

  /**
   * Restarts only so often: with the next failure the actor stops.
   *
   * @param restarts how many within the window; zero or more
   * @param window counted from a first restart; then counting begins anew
   * @return the changed copy
   * @throws IllegalStateException if this is not {@link #restart()}
   */
  public Supervision withLimit(int restarts, Duration window) {
    requireRestart("withLimit");
    if (restarts < 0) {
      throw new IllegalArgumentException("restarts: " + restarts + "; give zero or more");
    }
    requirePositive("window", window);
    return new Supervision(directive, restarts, window, firstBackoff, longestBackoff, jitter, null);
  }

  /**
   * Waits before a restart; messages wait meanwhile. The pause doubles with each failure, and is
   * the first one again after the actor has run for the longest pause without failing.
   *
   * @param first the pause after the first failure; more than zero
   * @param longest the pause does not grow beyond it; at least {@code first}
   * @param jitter up to which part of the pause is added at random, so that actors which failed
   *     together do not come back together; 0 to 1, such as 0.2
   * @return the changed copy
   * @throws IllegalStateException if this is not {@link #restart()}
   */
  public Supervision withBackoff(Duration first, Duration longest, double jitter) {
    requireRestart("withBackoff");
    requirePositive("first", first);
    if (longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "longest: " + longest + "; give at least the first pause, " + first);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter: " + jitter + "; give 0 to 1");
    }
    return new Supervision(directive, maxRestarts, window, first, longest, jitter, null);
  }

  private void requireRestart(String method) {
    if (directive != Directive.RESTART) {
      throw new IllegalStateException(
          method + " of " + this + "; only Supervision.restart() has a limit and a pause");
    }
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + ": " + duration + "; give more than zero");
    }
  }

  /**
   * The policy for a failure.
   *
   * @param failure what was thrown
   * @return this, or what {@link #decide} gives
   * @throws IllegalStateException if the decision gives null or a policy that decides again
   */
  public Supervision forFailure(Throwable failure) {
    if (decision == null) {
      return this;
    }
    Supervision decided = decision.apply(failure);
    if (decided == null || decided.decision != null) {
      throw new IllegalStateException(
          "Supervision.decide gave " + decided + " for " + failure + "; give a policy");
    }
    return decided;
  }

  /**
   * Whether the actor goes on with the same instance.
   *
   * @return true for {@link #resume()}
   */
  public boolean resumes() {
    return directive == Directive.RESUME;
  }

  /**
   * Whether the actor goes on with a new instance.
   *
   * @return true for {@link #restart()}
   */
  public boolean restarts() {
    return directive == Directive.RESTART;
  }

  /**
   * Whether a start that failed is tried again.
   *
   * @return true for {@link #restart()} with a limit or a pause
   */
  public boolean retriesStart() {
    return restarts() && (maxRestarts != ANY_NUMBER || !firstBackoff.isZero());
  }

  /**
   * Whether the parent fails too.
   *
   * @return true for {@link #escalate()}
   */
  public boolean escalates() {
    return directive == Directive.ESCALATE;
  }

  /**
   * Whether some failure leads to a restart.
   *
   * @return true for {@link #restart()} and {@link #decide}
   */
  public boolean mayRestart() {
    return directive == Directive.RESTART || directive == Directive.DECIDE;
  }

  /**
   * How many restarts there may be within the {@link #window}.
   *
   * @return the number; {@link Integer#MAX_VALUE} if there is no limit
   */
  public int maxRestarts() {
    return maxRestarts;
  }

  /**
   * The time for which restarts are counted.
   *
   * @return the window; zero if there is no limit
   */
  public Duration window() {
    return window;
  }

  /**
   * The pause before the first restart.
   *
   * @return the pause; zero if there is none
   */
  public Duration firstBackoff() {
    return firstBackoff;
  }

  /**
   * The longest pause before a restart, and how long the actor must run for the pauses to begin
   * anew.
   *
   * @return the pause; zero if there is none
   */
  public Duration longestBackoff() {
    return longestBackoff;
  }

  /**
   * Up to which part of a pause is added at random.
   *
   * @return 0 to 1
   */
  public double jitter() {
    return jitter;
  }

  @Override
  public String toString() {
    return "Supervision." + directive;
  }
}
