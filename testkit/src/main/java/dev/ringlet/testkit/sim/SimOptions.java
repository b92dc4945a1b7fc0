package dev.ringlet.testkit.sim;

import dev.ringlet.spi.IoDriverProvider;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How a simulation is run. Immutable. <b>Thread:</b> any thread. */
public final class SimOptions {
  private static final SimOptions DEFAULTS =
      new SimOptions(
          FaultPlan.none(), false, Duration.ofMinutes(10), 1_000_000, null, drivers -> drivers);

  private final FaultPlan faults;
  private final boolean preemptsAlways;
  private final Duration restBound;
  private final long mostSteps;
  private final @Nullable Set<Integer> onlyFaults;
  private final UnaryOperator<IoDriverProvider> drivers;

  private SimOptions(
      FaultPlan faults,
      boolean preemptsAlways,
      Duration restBound,
      long mostSteps,
      @Nullable Set<Integer> onlyFaults,
      UnaryOperator<IoDriverProvider> drivers) {
    this.faults = faults;
    this.preemptsAlways = preemptsAlways;
    this.restBound = restBound;
    this.mostSteps = mostSteps;
    this.onlyFaults = onlyFaults;
    this.drivers = drivers;
  }

  /**
   * No faults, ten minutes of simulated time to come to rest, a million steps.
   *
   * @return the options
   */
  public static SimOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Says what goes wrong; {@link SimSystem#setFaults} changes it in the course of a run.
   *
   * @param faults the plan
   * @return options with it
   */
  public SimOptions withFaults(FaultPlan faults) {
    Objects.requireNonNull(faults, "faults");
    return new SimOptions(faults, preemptsAlways, restBound, mostSteps, onlyFaults, drivers);
  }

  /**
   * Has every slice end wherever it can, after each message for instance.
   *
   * @param always false unless given: {@link Fault#PREEMPT} decides
   * @return options with it
   */
  public SimOptions withPreemptAlways(boolean always) {
    return new SimOptions(faults, always, restBound, mostSteps, onlyFaults, drivers);
  }

  /**
   * Says how much simulated time all may take to come to rest after the scenario, and each system
   * to close.
   *
   * @param bound more than zero
   * @return options with it
   * @throws IllegalArgumentException if it is zero or less
   */
  public SimOptions withRestWithin(Duration bound) {
    if (bound.isNegative() || bound.isZero()) {
      throw new IllegalArgumentException("bound: " + bound + "; give more than zero");
    }
    return new SimOptions(faults, preemptsAlways, bound, mostSteps, onlyFaults, drivers);
  }

  /**
   * Says how many steps a run may have: turns of executors and things that the kernel does. What
   * needs more goes on without end.
   *
   * @param most at least 1
   * @return options with it
   * @throws IllegalArgumentException if it is less than 1
   */
  public SimOptions withMostSteps(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("most: " + most + "; give at least 1");
    }
    return new SimOptions(faults, preemptsAlways, restBound, most, onlyFaults, drivers);
  }

  /**
   * Suppresses all other faults. A fault that does not happen may change what comes after it, and
   * so which fault has which number then.
   *
   * @param numbers of {@linkplain SimResult#faults faults} of a run of the same seed
   * @return options with it
   */
  public SimOptions withOnlyFaults(Set<Integer> numbers) {
    return new SimOptions(
        faults, preemptsAlways, restBound, mostSteps, Set.copyOf(numbers), drivers);
  }

  /**
   * Puts something between the systems and the simulated kernel, such as a driver with a fault, to
   * see whether it is found.
   *
   * @param wrapping gets what makes the simulated drivers, for each system anew; the drivers of
   *     what it gives must pass everything on to those in the end
   * @return options with it
   */
  public SimOptions withDrivers(UnaryOperator<IoDriverProvider> wrapping) {
    Objects.requireNonNull(wrapping, "wrapping");
    return new SimOptions(faults, preemptsAlways, restBound, mostSteps, onlyFaults, wrapping);
  }

  UnaryOperator<IoDriverProvider> drivers() {
    return drivers;
  }

  FaultPlan faults() {
    return faults;
  }

  boolean preemptsAlways() {
    return preemptsAlways;
  }

  Duration restBound() {
    return restBound;
  }

  long mostSteps() {
    return mostSteps;
  }

  @Nullable Set<Integer> onlyFaults() {
    return onlyFaults;
  }
}
