package dev.ringlet.testkit.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.testkit.sim.Fault;
import dev.ringlet.testkit.sim.FaultLevel;
import dev.ringlet.testkit.sim.FaultPlan;
import dev.ringlet.testkit.sim.SimSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs simulations of its own, some of which fail as they must. */
final class SimulationTest {
  /** What {@link Tests} have drawn, one number for each run. */
  private static final List<Long> DRAWN = new ArrayList<>();

  @TempDir private Path folder;

  @BeforeEach
  void clear() {
    DRAWN.clear();
  }

  /** What became of a test: an empty string, or what it failed with. */
  private String outcomeOf(String test, Map<String, String> settings) {
    List<String> outcomes = new ArrayList<>();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(Tests.class, test, parameters(test)))
                .configurationParameter("sim.seeds", folder.toString())
                .configurationParameters(settings)
                .build(),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier each, TestExecutionResult result) {
                if (each.isTest()) {
                  outcomes.add(
                      result.getStatus() == TestExecutionResult.Status.ABORTED
                          ? "aborted"
                          : result.getThrowable().map(Throwable::toString).orElse(""));
                }
              }
            });
    assertEquals(1, outcomes.size());
    return outcomes.get(0);
  }

  private static String parameters(String test) {
    return test.equals("hasMore")
        ? TestInfo.class.getName() + ", " + SimSystem.class.getName()
        : SimSystem.class.getName();
  }

  private String outcomeOf(String test) {
    return outcomeOf(test, Map.of());
  }

  private Path fileOf(String test) {
    return folder.resolve(Tests.class.getName() + "." + test + ".txt");
  }

  static final class Tests {
    private int runs;

    @Simulation(runs = 20)
    void passes(SimSystem sim) {
      DRAWN.add(sim.random().nextLong());
      ActorSystem system = sim.start("system", ExecutorPool.of(2));
      system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    }

    @Simulation(runs = 50)
    void fails(SimSystem sim) {
      long drawn = sim.random().nextLong();
      DRAWN.add(drawn);
      assertTrue(Math.floorMod(drawn, 10) != 3, "wanted by the test");
    }

    @Simulation(runs = 50, faults = FaultLevel.GENTLE)
    void failsByFaults(SimSystem sim) throws Exception {
      sim.setFaults(
          FaultPlan.gentle()
              .withProbability(Fault.ERRNO, IoOpcode.DELAY, 0.1)
              .withErrnos(IoOpcode.DELAY, Errno.EIO));
      ActorSystem system = sim.start("system", ExecutorPool.of(2));
      for (int i = 0; i < 20; i++) {
        sim.await(
            system
                .submit(context -> context.io().delay(Duration.ofMillis(5)).toCompletionStage())
                .toCompletionStage()
                .thenCompose(stage -> stage),
            Duration.ofMinutes(1));
      }
    }

    @Simulation(runs = 3)
    void differs(SimSystem sim) {
      sim.note("run " + runs++);
    }

    @Simulation(runs = 3)
    void assumes(SimSystem sim) {
      assumeTrue(sim.now().isNegative());
    }

    @Simulation(runs = 3)
    void hasMore(TestInfo info, SimSystem sim) {
      sim.note(info.getDisplayName());
    }
  }

  @Test
  void allSeedsAreRunTheFirstOneTwiceMore() {
    assertEquals("", outcomeOf("passes"));
    assertEquals(22, DRAWN.size());
    assertEquals(DRAWN.get(0), DRAWN.get(1));
    assertEquals(DRAWN.get(0), DRAWN.get(2));
    assertEquals(20, DRAWN.stream().distinct().count());
    assertFalse(Files.exists(fileOf("passes")));
    assertEquals("", outcomeOf("hasMore"));
  }

  @Test
  void settingsSayWhichSeedsAreRun() {
    assertEquals("", outcomeOf("passes", Map.of("sim.seed", "7")));
    assertEquals(1, DRAWN.size());
    assertEquals("", outcomeOf("passes", Map.of("sim.first", "7", "sim.runs", "2")));
    assertEquals(5, DRAWN.size());
    assertEquals(DRAWN.get(0), DRAWN.get(1));
    assertNotEquals(DRAWN.get(0), DRAWN.get(4));
  }

  @Test
  void theSeedThatFailsIsKeptAndRunFirst() throws IOException {
    String outcome = outcomeOf("fails");
    assertPart(outcome, "wanted by the test");
    List<String> kept = Files.readAllLines(fileOf("fails"), UTF_8);
    assertEquals(1, kept.size());
    String seed = kept.get(0).replaceFirst(" .*", "");
    assertPart(outcome, "seed " + seed + " fails; replay it with -Dsim.seed=" + seed);
    assertPart(outcome, "it is kept in " + fileOf("fails"));
    assertPart(kept.get(0), seed + " # org.opentest4j.AssertionFailedError: wanted by the test");
    long drawn = DRAWN.get(DRAWN.size() - 1);
    DRAWN.clear();

    assertPart(outcomeOf("fails", Map.of("sim.seed", seed)), "seed " + seed + " fails");
    assertEquals(List.of(drawn), DRAWN);
    DRAWN.clear();

    assertPart(outcomeOf("fails"), "0 runs before it have passed");
    assertEquals(drawn, DRAWN.get(0));
    assertEquals(kept, Files.readAllLines(fileOf("fails"), UTF_8));
  }

  @Test
  void linesOfTheFileMayBeComments() throws IOException {
    Files.writeString(fileOf("passes"), "# from last year\n\n 99 # torn\n-5\n", UTF_8);
    assertEquals("", outcomeOf("passes", Map.of("sim.runs", "1")));
    assertEquals(5, DRAWN.size());
    Files.writeString(fileOf("passes"), "ninety\n", UTF_8);
    assertPart(outcomeOf("passes"), "one seed a line, and comments after a #");
  }

  @Test
  void theFaultsThatAreNeededAreTold() {
    String outcome = outcomeOf("failsByFaults");
    assertPart(outcome, "faults it needs those below");
    assertPart(outcome, "1 faults:");
    assertPart(outcome, " ERRNO DELAY ");
    String seed = outcome.replaceFirst("(?s).*-Dsim.seed=(\\d+).*", "$1");
    String fault = outcome.replaceFirst("(?s).*-Dsim.faults=(\\d+).*", "$1");
    String replayed = outcomeOf("failsByFaults", Map.of("sim.seed", seed, "sim.faults", fault));
    assertPart(replayed, "1 faults:");
    assertPart(replayed, "#" + fault + " at ");
    assertEquals("", outcomeOf("failsByFaults", Map.of("sim.seed", seed, "sim.faults", "")));
  }

  @Test
  void preemptionBySettingIsToldOfAndChecked() {
    Map<String, String> always = Map.of("sim.preempt", "always");
    assertPart(outcomeOf("fails", always), "with -Dsim.preempt=always, which the replay needs too");
    assertFalse(outcomeOf("fails").contains("sim.preempt"));
    assertPart(
        outcomeOf("passes", Map.of("sim.preempt", "true")),
        "sim.preempt: true; give always, or leave it out");
  }

  @Test
  void aScenarioThatCannotBeReplayedFails() {
    assertPart(outcomeOf("differs"), "two runs of seed 1 differ: \"0 note: run 0\"");
  }

  @Test
  void anAssumptionThatDoesNotHoldEndsTheTest() {
    assertEquals("aborted", outcomeOf("assumes"));
  }

  private static void assertPart(String outcome, String part) {
    assertTrue(outcome.contains(part), outcome);
  }
}
