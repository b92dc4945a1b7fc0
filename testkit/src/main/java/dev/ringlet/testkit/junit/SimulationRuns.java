package dev.ringlet.testkit.junit;

import dev.ringlet.testkit.sim.SimOptions;
import dev.ringlet.testkit.sim.SimResult;
import dev.ringlet.testkit.sim.SimScenario;
import dev.ringlet.testkit.sim.SimSystem;
import dev.ringlet.testkit.sim.SimulationError;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** The runs of one test. The test's thread. */
final class SimulationRuns {
  private final Simulation settings;
  private final ExtensionContext context;
  private final SimScenario scenario;
  private final SimOptions options;
  private final SeedFile file;

  /** By a setting, not by the test. */
  private final boolean preempted;

  private int passed;

  SimulationRuns(Simulation settings, ExtensionContext context, SimScenario scenario) {
    this.settings = settings;
    this.context = context;
    this.scenario = scenario;
    this.preempted = preemptsAlways(context);
    this.options =
        SimOptions.defaults()
            .withFaults(settings.faults().plan())
            .withPreemptAlways(settings.preemptAlways() || preempted);
    this.file =
        SeedFile.of(
            context.getRequiredTestClass(),
            context.getRequiredTestMethod(),
            context.getConfigurationParameter("sim.seeds"));
  }

  private static boolean preemptsAlways(ExtensionContext context) {
    Optional<String> when = context.getConfigurationParameter("sim.preempt");
    if (when.isPresent() && !when.get().equals("always")) {
      throw new IllegalArgumentException(
          "sim.preempt: " + when.get() + "; give always, or leave it out");
    }
    return when.isPresent();
  }

  void run() {
    Optional<Long> seed = number("sim.seed");
    if (seed.isPresent()) {
      var unused = passing(SimSystem.run(seed.get(), withOnlySomeFaults(), scenario)).check();
      return;
    }
    file.seeds().forEach(this::run);
    long first = number("sim.first").orElse(settings.firstSeed());
    long runs = number("sim.runs").orElse((long) settings.runs());
    checkRepeats(first);
    LongStream.range(first, first + runs).forEach(this::run);
  }

  private void run(long seed) {
    SimResult result = passing(SimSystem.run(seed, options, scenario));
    if (result.passed()) {
      passed++;
      return;
    }
    SimResult least = SimSystem.shrink(result, options, scenario, settings.shrinkRuns());
    file.add(seed, least.reason());
    String runs = passed + " runs before it have passed; it is kept in " + file;
    throw new SimulationError(runs + ofThisRun() + needs(result, least), least);
  }

  /** What the seed does not tell. */
  private String ofThisRun() {
    boolean preempts = preempted && !settings.preemptAlways();
    return preempts ? "; this was with -Dsim.preempt=always, which the replay needs too" : "";
  }

  private static String needs(SimResult result, SimResult least) {
    int all = result.faults().size();
    if (least.faults().size() == all) {
      return "";
    }
    String numbers =
        least.faults().stream()
            .map(fault -> Integer.toString(fault.number()))
            .collect(Collectors.joining(","));
    return "; of "
        + all
        + " faults it needs those below: replay it without the others with -Dsim.faults="
        + numbers;
  }

  /** Sees that a failure could be replayed. */
  private void checkRepeats(long seed) {
    SimResult one = passing(SimSystem.run(seed, options, scenario));
    SimResult other = passing(SimSystem.run(seed, options, scenario));
    if (one.traceHash() == other.traceHash()) {
      return;
    }
    throw new AssertionError(
        "two runs of seed "
            + seed
            + " differ"
            + difference(one.trace(), other.trace())
            + "; the scenario uses what is not of the simulation: threads, the machine's clock or"
            + " chance, the order of a HashMap of objects without a hashCode of their own, or what"
            + " another run has left in a field");
  }

  private static String difference(List<String> one, List<String> other) {
    for (int line = 0; line < Math.min(one.size(), other.size()); line++) {
      if (!one.get(line).equals(other.get(line))) {
        return ": \"" + one.get(line) + "\" and \"" + other.get(line) + "\"";
      }
    }
    return "";
  }

  /** An assumption that does not hold ends the test without a failure. */
  private static SimResult passing(SimResult result) {
    if (result.failure() instanceof TestAbortedException aborted) {
      throw aborted;
    }
    return result;
  }

  private SimOptions withOnlySomeFaults() {
    Optional<String> numbers = context.getConfigurationParameter("sim.faults");
    if (numbers.isEmpty()) {
      return options;
    }
    Set<Integer> only =
        Arrays.stream(numbers.get().split(","))
            .map(String::strip)
            .filter(number -> !number.isEmpty())
            .map(Integer::valueOf)
            .collect(Collectors.toSet());
    return options.withOnlyFaults(only);
  }

  private Optional<Long> number(String name) {
    return context.getConfigurationParameter(name, Long::valueOf);
  }
}
