package dev.ringlet.spi;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The world of a system that is stepped by hand: its time, its kernel, and what is left to chance.
 * What decides about its run is all in here, so with simulated drivers the same stepping gives the
 * same run, bit for bit.
 *
 * <p><b>Thread:</b> the one that steps; nothing of it is called on another.
 *
 * @param ticker the clock, in nanoseconds; it may stand still while the system runs
 * @param drivers makes the driver of each executor, in the order of their indexes; null for NIO,
 *     which does its work on files on threads of its own. They are never parked, and when they have
 *     something next is known to whoever makes them. A system with drivers from here logs neither
 *     failures nor dead letters: whoever steps it can subscribe to them
 * @param random decides what a running system would leave to chance: random routing, jitter of
 *     pauses, names of drafts, which buffers are watched, and which piece of offloaded work is next
 * @param preempts asked at each point where an actor may have to give the core back: true ends the
 *     slice there as if its time were over. A slice that it never ends is over at the eighth point
 * @param idle asked while the system closes and waits for what none of its executors can do: lets
 *     the world go on, for instance to the next completion or timer; false if nothing will come.
 *     Drivers are closed after that, and see themselves to what is in flight then
 */
public record Stepping(
    Ticker ticker,
    @Nullable IoDriverProvider drivers,
    RandomGenerator random,
    BooleanSupplier preempts,
    BooleanSupplier idle) {
  /** Checks that all is there. */
  public Stepping {
    Objects.requireNonNull(ticker, "ticker");
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(preempts, "preempts");
    Objects.requireNonNull(idle, "idle");
  }

  /**
   * A world that does not go on while a system closes.
   *
   * @param ticker the clock
   * @param drivers makes the drivers; null for NIO
   * @param random decides what is left to chance
   * @param preempts whether a slice ends at this point
   */
  public Stepping(
      Ticker ticker,
      @Nullable IoDriverProvider drivers,
      RandomGenerator random,
      BooleanSupplier preempts) {
    this(ticker, drivers, random, preempts, () -> false);
  }

  /**
   * The NIO driver by a clock; chance has a fixed seed, and slices end by themselves.
   *
   * @param ticker the clock
   * @return the world
   */
  public static Stepping on(Ticker ticker) {
    return new Stepping(ticker, null, new SplittableRandom(0), () -> false);
  }
}
