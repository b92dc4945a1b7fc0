package dev.ringlet.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.testkit.junit.Simulation;
import dev.ringlet.testkit.sim.SimOptions;
import dev.ringlet.testkit.sim.SimResult;
import dev.ringlet.testkit.sim.SimSystem;
import dev.ringlet.testkit.sim.SimulationError;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server in simulations: as it is nothing is found, and what is broken on purpose is. */
final class KvScenarioTest {
  private static final int CLEAN_RUNS = 300;
  private static final int RUNS_TO_FIND = 2000;
  private static final Logger LOG = Logger.getLogger("dev.ringlet");

  /** Every crash makes the server tell of it. */
  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(null);
  }

  /** What may be wrong with a server, or with what it stands on. */
  enum Broken {
    LOST_WAKE_UP("a client has waited for") {
      @Override
      KvScenario scenario() {
        return onDrivers(BrokenDriver.SleepsOn::new);
      }
    },
    EARLY_BUFFER_REUSE("was released while it belonged to the kernel") {
      @Override
      KvScenario scenario() {
        return onDrivers(BrokenDriver.Hurries::new);
      }
    },
    DOUBLE_COMPLETION("completed twice") {
      @Override
      KvScenario scenario() {
        return onDrivers(BrokenDriver.Repeats::new);
      }
    },
    REPLY_BEFORE_FSYNC("no order of the calls explains") {
      @Override
      KvScenario scenario() {
        return new KvScenario() {
          @Override
          boolean syncsFirst() {
            return false;
          }
        };
      }
    },
    STARVATION("no rest within") {
      @Override
      KvScenario scenario() {
        return new KvScenario() {
          @Override
          void prepare(ActorSystem system) {
            ActorRef<Integer> hog =
                system.spawn(
                    () -> (count, context) -> context.self().tell(count + 1),
                    ActorOptions.named("hog"));
            hog.tell(0);
          }
        };
      }
    };

    private final String symptom;

    Broken(String symptom) {
      this.symptom = symptom;
    }

    abstract KvScenario scenario();

    private static KvScenario onDrivers(BrokenDriver.Maker maker) {
      return new KvScenario() {
        @Override
        SimOptions options() {
          return super.options().withDrivers(drivers -> BrokenDriver.provider(drivers, maker));
        }
      };
    }
  }

  @Simulation(runs = CLEAN_RUNS)
  void nothingIsFound(SimSystem sim) throws Exception {
    new KvScenario().run(sim);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsBrokenIsFound(Broken broken) {
    for (long seed = 1; seed <= RUNS_TO_FIND; seed++) {
      SimResult result = broken.scenario().simulate(seed);
      if (!result.passed()) {
        String told = String.valueOf(new SimulationError(result).getMessage());
        assertTrue(told.contains(broken.symptom), told);
        return;
      }
    }
    fail(broken + " was not found in " + RUNS_TO_FIND + " runs");
  }

  @Test
  void runsAreAboutSomething() {
    int calls = 0;
    int answered = 0;
    int crashes = 0;
    for (long seed = 1; seed <= 20; seed++) {
      KvScenario scenario = new KvScenario();
      assertNull(scenario.simulate(seed).failure());
      calls += scenario.history().calls();
      answered += scenario.history().answered();
      crashes += scenario.crashes();
    }
    assertTrue(answered > calls / 2, answered + " of " + calls + " calls were answered");
    assertTrue(crashes > 20, "crashes: " + crashes);
  }
}
