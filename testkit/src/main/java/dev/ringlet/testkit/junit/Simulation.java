package dev.ringlet.testkit.junit;

import dev.ringlet.testkit.sim.FaultLevel;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is a {@linkplain dev.ringlet.testkit.sim.SimScenario scenario}: the method, which
 * takes a {@link dev.ringlet.testkit.sim.SimSystem}, is called once for each of many seeds, and
 * fails with the first seed that fails.
 *
 * <pre>{@code
 * @Simulation(runs = 1000)
 * void noMoneyIsLost(SimSystem sim) throws Exception {
 *   ActorSystem system = sim.start("bank", ExecutorPool.of(2));
 *   ...
 * }
 * }</pre>
 *
 * <p>All runs have the same instance of the test class, so what a run changes belongs into the
 * method. The first seed is run twice: if the runs differ, the test fails, as its failures could
 * not be replayed.
 *
 * <p>A failure is shrunk: the run that is told of has as few faults as were found to be needed. Its
 * seed is added to the file {@code <class>.<method>.txt} in {@code src/test/resources/sim-seeds},
 * where there is a folder {@code src/test}; it has one seed a line, and a {@code #} begins a
 * comment. The seeds of the file are run before all others, by whoever has the file.
 *
 * <p>Settings, as system properties or parameters of JUnit's configuration:
 *
 * <ul>
 *   <li>{@code sim.seed}: runs this seed only
 *   <li>{@code sim.faults}: numbers, with commas in between; with {@code sim.seed}, suppresses all
 *       other faults. An empty one suppresses all
 *   <li>{@code sim.runs}: how many runs, for all tests
 *   <li>{@code sim.first}: the first seed, for all tests
 *   <li>{@code sim.preempt}: {@code always} has every slice end wherever it can, in all tests
 *   <li>{@code sim.seeds}: another folder for the files
 * </ul>
 */
@SuppressWarnings("exports") // as RingletExtension
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(SimulationExtension.class)
public @interface Simulation {
  /**
   * How many seeds are run, one after the other from the first one on.
   *
   * @return at least 1
   */
  int runs() default 1000;

  /**
   * The first seed. Always the same, so that a test that passes does so the next time.
   *
   * @return any number
   */
  long firstSeed() default 1;

  /**
   * What goes wrong; a method may {@linkplain dev.ringlet.testkit.sim.SimSystem#setFaults change}
   * that.
   *
   * @return a plan's name
   */
  FaultLevel faults() default FaultLevel.NONE;

  /**
   * Whether every slice ends wherever it can, after each message for instance.
   *
   * @return false for as chance has it
   */
  boolean preemptAlways() default false;

  /**
   * How many more runs may be made of a seed that fails, to find out which faults it needs.
   *
   * @return zero or more
   */
  int shrinkRuns() default 200;
}
