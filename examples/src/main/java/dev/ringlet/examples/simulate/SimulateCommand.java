package dev.ringlet.examples.simulate;

import dev.ringlet.testkit.sim.SimResult;
import dev.ringlet.testkit.sim.SimulationError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Simulates the key-value server with one seed after the other, until the time is over. */
@Command(
    name = "simulate",
    description = {
      "Simulates the key-value server, its clients, crashes and power losses, seed by seed, and"
          + " checks every answer.",
      "Exit codes: 1 if something was found."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SimulateCommand implements Callable<Integer> {
  private static final double PROGRESS_SECONDS = 5;

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long; fractions are allowed (default: ${DEFAULT-VALUE}).")
  private double minutes = 1;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The first seed; the others follow it (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "End after so many runs (default: when the time is over).")
  private long mostRuns = Long.MAX_VALUE;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the outcome here as well.")
  private @Nullable Path json;

  /** Kept, since a logger that nobody has is forgotten with its level. */
  private final Logger serverLog = Logger.getLogger("dev.ringlet");

  /** Creates the command with its defaults. */
  public SimulateCommand() {}

  @Override
  public Integer call() throws IOException {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("started without a command line");
    }
    if (!(minutes > 0) || mostRuns < 1) {
      throw new ParameterException(spec.commandLine(), "--minutes and --runs: give more than zero");
    }
    PrintWriter out = spec.commandLine().getOut();
    Report report = runQuietly(out);
    out.println(report.progress());
    out.println("faults: " + report.coverage());
    out.flush();
    if (json != null) {
      Files.writeString(json, report.json());
    }
    return report.isClean() ? 0 : 1;
  }

  /** Every crash makes the server tell of it. */
  private Report runQuietly(PrintWriter out) {
    Level before = serverLog.getLevel();
    serverLog.setLevel(Level.OFF);
    try {
      return run(out);
    } finally {
      serverLog.setLevel(before);
    }
  }

  private Report run(PrintWriter out) {
    Report report = new Report(seed);
    long start = System.nanoTime();
    double end = minutes * 60;
    double nextProgress = PROGRESS_SECONDS;
    for (double now = 0; now < end && report.runs() < mostRuns; ) {
      KvScenario scenario = new KvScenario();
      SimResult result = scenario.simulate(seed + report.runs());
      now = (double) (System.nanoTime() - start) / TimeUnit.SECONDS.toNanos(1);
      report.add(result, scenario, now);
      if (!result.passed()) {
        String again = "or with simulate --runs 1 --seed " + result.seed();
        out.println(new SimulationError(again, result).getMessage());
        out.flush();
      }
      if (now >= nextProgress) {
        out.println(report.progress());
        out.flush();
        nextProgress = now + PROGRESS_SECONDS;
      }
    }
    return report;
  }
}
