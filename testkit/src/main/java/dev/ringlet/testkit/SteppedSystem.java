package dev.ringlet.testkit;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.ActorSystemProvider;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.SystemStepper;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * An actor system without threads, for tests: its executors run on the test's thread, one turn
 * after the other, when the test says so, and time passes when the test says so. What is tested is
 * the real runtime, on the NIO driver; only threads, parking and the clock are taken away, so a
 * test gives the same result each time. Work that is offloaded runs there too, between turns; only
 * the NIO driver's work on files has threads of its own.
 *
 * <p><b>Thread:</b> the thread that created it. Waiting for a stage of the system on it would wait
 * for ever: {@link #runUntilIdle()} first.
 *
 * <pre>{@code
 * try (var stepped = SteppedSystem.create(2)) {
 *   var actor = stepped.system().spawn(...);
 *   actor.tell(...);
 *   stepped.runUntilIdle();
 *   stepped.advance(Duration.ofMinutes(5));
 * }
 * }</pre>
 */
public final class SteppedSystem implements AutoCloseable {
  /** More turns than this without rest are an endless loop. */
  private static final int MAX_TURNS = 1_000_000;

  private final ManualTicker ticker = new ManualTicker(Long.MAX_VALUE - 1_000_000_000_000L);
  private final SystemStepper stepper;

  private SteppedSystem(ExecutorPool pool) {
    stepper = ActorSystemProvider.load().createStepped("stepped", pool, Stepping.on(ticker));
  }

  /**
   * Makes a system.
   *
   * @param executors how many, 1 to 1024
   * @return the system, at rest
   */
  public static SteppedSystem create(int executors) {
    return create(ExecutorPool.of(executors));
  }

  /**
   * Makes a system.
   *
   * @param pool settings; placement, spinning, driver and stall detection are not looked at
   * @return the system, at rest
   */
  public static SteppedSystem create(ExecutorPool pool) {
    return new SteppedSystem(pool);
  }

  /**
   * The system.
   *
   * @return the system; closing it is the same as closing this
   */
  public ActorSystem system() {
    return stepper.system();
  }

  /**
   * One turn of each executor, and one piece of offloaded work.
   *
   * @return whether there was anything to do
   */
  public boolean step() {
    boolean ran = stepper.step();
    return stepper.stepOffloaded() || ran;
  }

  /**
   * Steps until nobody has anything to do at the present time.
   *
   * @throws IllegalStateException if that does not happen within a million turns
   */
  public void runUntilIdle() {
    for (int turns = 0; step(); turns++) {
      if (turns == MAX_TURNS) {
        throw new IllegalStateException(
            "no rest after " + MAX_TURNS + " turns; an actor sends itself messages without end");
      }
    }
  }

  /**
   * Lets time pass, from one timer to the next, and runs what is due at each.
   *
   * @param duration zero or more
   */
  public void advance(Duration duration) {
    var unused = advanceUntil(() -> false, duration);
  }

  /**
   * Lets time pass, from one timer to the next, until something is so.
   *
   * @param condition looked at whenever nobody has anything to do
   * @param atMost how much time may pass; zero or more
   * @return whether it is so
   */
  public boolean advanceUntil(BooleanSupplier condition, Duration atMost) {
    runUntilIdle();
    long left = atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (left <= 0) {
        return false;
      }
      long step = Math.min(left, Math.max(1, stepper.nanosToNext()));
      ticker.advance(Duration.ofNanos(step));
      left -= step;
      runUntilIdle();
    }
    return true;
  }

  /**
   * The present time of the system's clock.
   *
   * @return nanoseconds; only differences have a meaning
   */
  public long nanos() {
    return ticker.nanos();
  }

  /** Stops all actors, by stepping, and ends. */
  @Override
  public void close() {
    stepper.system().close();
  }
}
