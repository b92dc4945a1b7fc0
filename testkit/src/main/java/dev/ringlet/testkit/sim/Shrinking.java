package dev.ringlet.testkit.sim;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Looks for a failing run with fewer faults. The thread of the runs.
 *
 * <p>A fault that is left out may change which faults come later, so what is tried is not certain
 * to fail for being a part of what fails; the run that is given back has failed.
 */
final class Shrinking {
  private final SimResult failed;
  private final SimOptions options;
  private final SimScenario scenario;
  private int runsLeft;
  private SimResult best;

  Shrinking(SimResult failed, SimOptions options, SimScenario scenario, int mostRuns) {
    this.failed = failed;
    this.options = options;
    this.scenario = scenario;
    this.runsLeft = mostRuns;
    this.best = failed;
  }

  SimResult run() {
    if (best.faults().isEmpty() || without(fault -> true)) {
      return best;
    }
    for (Fault kind : failed.faultCounts().keySet().stream().sorted().toList()) {
      var unused = without(fault -> fault.kind() == kind);
    }
    int size = Math.max(1, best.faults().size() / 2);
    while (runsLeft > 0) {
      boolean fewer = withoutEach(size);
      if (size == 1 && !fewer) {
        break;
      }
      size = Math.max(1, Math.min(size, best.faults().size()) / 2);
    }
    return best;
  }

  /** Leaves out so many one after the other; whether any could be left out. */
  private boolean withoutEach(int size) {
    boolean fewer = false;
    for (int from = 0; from < best.faults().size() && runsLeft > 0; ) {
      List<SimFault> faults = best.faults();
      Set<SimFault> part =
          new HashSet<>(faults.subList(from, Math.min(faults.size(), from + size)));
      if (without(part::contains)) {
        fewer = true;
      } else {
        from += size;
      }
    }
    return fewer;
  }

  private boolean without(Predicate<SimFault> leftOut) {
    Set<Integer> kept = new TreeSet<>();
    for (SimFault fault : best.faults()) {
      if (!leftOut.test(fault)) {
        kept.add(fault.number());
      }
    }
    if (kept.size() == best.faults().size() || runsLeft == 0) {
      return false;
    }
    runsLeft--;
    SimResult tried = SimSystem.run(failed.seed(), options.withOnlyFaults(kept), scenario);
    boolean fails = !tried.passed() && tried.failsLike(failed);
    if (fails) {
      best = tried;
    }
    return fails;
  }
}
