package dev.ringlet.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.testkit.sim.SimResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the simulate command tells people and programs. */
final class SimulateCommandTest {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();

  private int simulate(String... options) {
    return new CommandLine(new SimulateCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(options);
  }

  @Test
  void tellsWhatItHasDone() throws Exception {
    Path json = directory.resolve("outcome.json");
    assertEquals(0, simulate("--runs", "3", "--seed", "7", "--json", json.toString()));
    assertTrue(out.toString().contains(": 3 runs, "), out.toString());
    assertTrue(out.toString().contains("faults: ERRNO "), out.toString());
    String fields = Files.readString(json);
    assertTrue(fields.contains("\"firstSeed\": 7,"), fields);
    assertTrue(fields.contains("\"runs\": 3,"), fields);
    assertTrue(fields.contains("\"findings\": [],"), fields);
    assertTrue(fields.contains("\"faults\": {\"ERRNO\": "), fields);
  }

  /** After one run at least, and as many more as the machine is quick. */
  @Test
  void endsWhenTheTimeIsOver() {
    assertEquals(0, simulate("--minutes", "0.0001"));
    assertTrue(out.toString().contains(" runs, "), out.toString());
    assertFalse(out.toString().contains(": 0 runs, "), out.toString());
  }

  @Test
  void refusesWhatCannotBe() {
    assertEquals(2, simulate("--minutes", "0"));
    assertEquals(2, simulate("--runs", "0"));
  }

  @Test
  void reportsWhatIsFound() {
    KvScenario scenario = new KvScenario();
    SimResult passed = scenario.simulate(1);
    SimResult failed =
        new SimResult(
            5,
            passed.traceHash(),
            passed.steps(),
            passed.time(),
            passed.faultCounts(),
            passed.faults(),
            new AssertionError("a \"quoted\"\nline"),
            passed.findings(),
            passed.trace());
    Report report = new Report(5);
    report.add(failed, scenario, 1);
    assertFalse(report.isClean());
    String wanted =
        "[{\"seed\": 5, \"text\": \"java.lang.AssertionError: a \\\"quoted\\\"\\u000aline\"}]";
    assertTrue(report.json().contains(wanted), report.json());
  }
}
