package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong when, by plan. */
final class FaultPlanTest {
  private static final int DELAYS = 20;

  /** Delays, one after the other, and what became of each. */
  private static final class Delaying implements Actor<String> {
    private final List<String> outcomes;

    Delaying(List<String> outcomes) {
      this.outcomes = outcomes;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      delay(context);
    }

    private static void delay(ActorContext<String> context) {
      context.pipe(context.io().delay(Duration.ofMillis(100)), (done, failure) -> name(failure));
    }

    private static String name(@Nullable IoException failure) {
      return failure == null ? "done" : Errno.describe(failure.errno());
    }

    @Override
    public void receive(String outcome, ActorContext<String> context) {
      outcomes.add(outcome);
      if (outcomes.size() < DELAYS) {
        delay(context);
      }
    }
  }

  private static SimResult delay(FaultPlan plan, List<String> outcomes) {
    return SimSystem.run(11, SimOptions.defaults().withFaults(plan), sim -> delay(sim, outcomes));
  }

  private static void delay(SimSystem sim, List<String> outcomes) {
    ActorSystem system = sim.start("delays", ExecutorPool.of(2));
    system.spawn(() -> new Delaying(outcomes), ActorOptions.defaults());
    assertTrue(sim.runUntil(() -> outcomes.size() == DELAYS, Duration.ofHours(10)));
  }

  @Test
  void theOperationThatIsNamedFails() {
    List<String> outcomes = new ArrayList<>();
    SimResult result =
        delay(FaultPlan.none().withFailure(IoOpcode.DELAY, 3, Errno.EIO), outcomes).check();
    assertEquals(
        List.of("done", "done", "EIO, input/output error", "done"), outcomes.subList(0, 4));
    assertEquals(1, result.faults().size());
    assertEquals(Fault.SCRIPTED, result.faults().get(0).kind());
    assertTrue(result.faults().get(0).what().contains("DELAY"), result.faults()::toString);
  }

  @Test
  void theErrorsThatAreNamedComeUntilTheEnd() {
    List<String> outcomes = new ArrayList<>();
    FaultPlan plan =
        FaultPlan.none()
            .withProbability(Fault.ERRNO, IoOpcode.DELAY, 1)
            .withErrnos(IoOpcode.DELAY, Errno.ENOMEM, Errno.EIO);
    long failed = delay(plan, outcomes).check().faultCounts().get(Fault.ERRNO);
    assertEquals(DELAYS, failed);
    assertEquals(Set.of("ENOMEM, out of memory", "EIO, input/output error"), Set.copyOf(outcomes));
    outcomes.clear();
    delay(plan.withEnd(Duration.ZERO), outcomes).check();
    assertEquals(Set.of("done"), Set.copyOf(outcomes));
  }

  @Test
  void whatIsToBeDoneIsDoneInTime() {
    List<String> outcomes = new ArrayList<>();
    FaultPlan plan =
        FaultPlan.none()
            .withAction(
                Duration.ofSeconds(1), "note", sim -> outcomes.add(sim.now().toSeconds() + " s"));
    SimResult result = delay(plan, outcomes).check();
    int place = outcomes.indexOf("1 s");
    assertTrue(place > 5 && place < 12, () -> place + " of " + outcomes);
    assertEquals("note", result.faults().get(0).what());
    outcomes.clear();
    SimSystem.run(
            11,
            SimOptions.defaults().withFaults(plan).withOnlyFaults(Set.of()),
            sim -> delay(sim, outcomes))
        .check();
    assertFalse(outcomes.contains("1 s"));
  }

  @Test
  void countsComeInTheOrderOfTheKinds() {
    SimOptions options = SimOptions.defaults().withFaults(FaultPlan.gentle());
    Set<Fault> counted = EnumSet.noneOf(Fault.class);
    for (long seed = 0; seed < 20; seed++) {
      Set<Fault> kinds =
          SimSystem.run(seed, options, sim -> delay(sim, new ArrayList<>())).faultCounts().keySet();
      assertEquals(kinds.stream().sorted().toList(), List.copyOf(kinds));
      counted.addAll(kinds);
    }
    assertTrue(counted.size() > 2, counted::toString);
  }

  @Test
  void numbersAreCheckedAtOnce() {
    FaultPlan plan = FaultPlan.none();
    assertThrows(IllegalArgumentException.class, () -> plan.withProbability(Fault.SLOW, 1.1));
    assertThrows(
        IllegalArgumentException.class, () -> plan.withProbability(Fault.SLOW, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> plan.withProbability(Fault.SCRIPTED, 0.1));
    assertThrows(IllegalArgumentException.class, () -> plan.withErrnos(IoOpcode.OPEN, -Errno.EIO));
    assertThrows(
        IllegalArgumentException.class, () -> plan.withFailure(IoOpcode.OPEN, 0, Errno.EIO));
  }

  @Test
  void aProbabilityForAllOperationsReplacesThoseForSome() {
    FaultPlan plan =
        FaultPlan.none()
            .withProbability(Fault.ERRNO, IoOpcode.WRITE, 0.5)
            .withProbability(Fault.SLOW, 0.25);
    assertEquals(0.5, plan.probability(Fault.ERRNO, IoOpcode.WRITE));
    assertEquals(0.25, plan.probability(Fault.SLOW, IoOpcode.WRITE));
    assertEquals(0, plan.probability(Fault.ERRNO, IoOpcode.READ));
    assertEquals(
        0.1, plan.withProbability(Fault.ERRNO, 0.1).probability(Fault.ERRNO, IoOpcode.WRITE));
  }

  @ParameterizedTest
  @EnumSource(IoOpcode.class)
  void errorsOfOperationsHaveNames(IoOpcode opcode) {
    int[] errnos = FaultErrnos.of(opcode);
    Set<String> names = new java.util.HashSet<>();
    for (int errno : errnos) {
      assertTrue(Errno.describe(errno).startsWith("E"), () -> errno + " of " + opcode);
      names.add(Errno.describe(errno));
    }
    assertEquals(errnos.length, names.size());
  }

  @Test
  void shrinkingFindsTheFaultsThatAreNeeded() {
    FaultPlan plan =
        FaultPlan.gentle()
            .withProbability(Fault.CLOCK_JUMP, 0.01)
            .withProbability(Fault.ERRNO, IoOpcode.DELAY, 0.3)
            .withErrnos(IoOpcode.DELAY, Errno.EIO);
    SimOptions options = SimOptions.defaults().withFaults(plan);
    SimScenario scenario =
        sim -> {
          List<String> outcomes = new ArrayList<>();
          delay(sim, outcomes);
          assertTrue(
              outcomes.stream().filter(outcome -> outcome.startsWith("EIO")).count() < 2,
              "two have failed");
        };
    SimResult failed =
        LongStream.range(0, 100)
            .mapToObj(seed -> SimSystem.run(seed, options, scenario))
            .filter(result -> !result.passed() && result.faults().size() > 7)
            .findFirst()
            .orElseThrow();
    SimResult least = SimSystem.shrink(failed, options, scenario, 200);
    assertNotNull(least.failure());
    assertEquals(
        List.of(Fault.ERRNO, Fault.ERRNO), least.faults().stream().map(SimFault::kind).toList());
    Set<Integer> numbers =
        least.faults().stream().map(SimFault::number).collect(Collectors.toSet());
    SimResult again = SimSystem.run(failed.seed(), options.withOnlyFaults(numbers), scenario);
    assertEquals(least.traceHash(), again.traceHash());
    assertEquals(failed, SimSystem.shrink(failed, options, scenario, 0));
  }

  @Test
  void eachRunHasSomeKindsOnlyWhereVarietyIsWanted() {
    Set<Set<Fault>> kinds = new java.util.HashSet<>();
    EnumSet<Fault> all = EnumSet.noneOf(Fault.class);
    for (long seed = 0; seed < 20; seed++) {
      SimResult result =
          SimSystem.run(
              seed,
              SimOptions.defaults()
                  .withFaults(
                      FaultPlan.gentle()
                          .withProbability(Fault.PREEMPT, 1)
                          .withProbability(Fault.EXECUTOR_PAUSE, 1)
                          .withProbability(Fault.SPURIOUS_WAKEUP, 1)
                          .withVariety(true)),
              sim -> delay(sim, new ArrayList<>()));
      result.check();
      kinds.add(result.faultCounts().keySet());
      all.addAll(result.faultCounts().keySet());
    }
    assertTrue(kinds.size() > 4, kinds::toString);
    assertTrue(all.contains(Fault.EXECUTOR_PAUSE), all::toString);
  }
}
