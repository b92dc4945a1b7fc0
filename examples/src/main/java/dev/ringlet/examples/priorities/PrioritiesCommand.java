package dev.ringlet.examples.priorities;

import dev.ringlet.examples.DriverOption;
import dev.ringlet.executor.ExecutorPool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the scene, prints what happens, and writes down the outcome. */
@Command(
    name = "priorities",
    description =
        "Two classes share a saturated core, 800:200 unless told otherwise; a latency class is woken on it by its timer and"
            + " by another executor.",
    mixinStandardHelpOptions = true)
public final class PrioritiesCommand implements Callable<Integer> {
  private static final long WARM_UP_MILLIS = 2_000;
  private static final int MAX_SECONDS = 86_400;

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long to measure, after 2 s of warm-up (default: 10).")
  private int seconds = 10;

  @Option(
      names = "--shares",
      paramLabel = "A:B",
      converter = Split.Converter.class,
      description = "Shares of the two classes that compete (default: 800:200).")
  private Split split = Split.DEFAULT;

  @Option(
      names = "--bound",
      paramLabel = "D",
      converter = DurationOption.class,
      description = "Bound of the latency class, such as 1ms or 100us (default: 1ms).")
  private Duration bound = Duration.ofMillis(1);

  @Mixin private DriverOption driver = new DriverOption();

  @Option(names = "--svg", paramLabel = "FILE", description = "Draws the outcome.")
  private @Nullable Path svg;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the outcome for programs.")
  private @Nullable Path json;

  /** Creates the command with its defaults. */
  public PrioritiesCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("started without a command line");
    }
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw bad(spec, "--seconds " + seconds + ": give 1 to " + MAX_SECONDS);
    }
    checkFolder(spec, "--svg", svg);
    checkFolder(spec, "--json", json);
    Table table = new Table(spec.commandLine().getOut(), split);
    Outcome outcome = measure(driver.applyTo(ExecutorPool.defaults()), table);
    table.end(outcome);
    write(spec, svg, SvgPlot.of(outcome));
    write(spec, json, JsonReport.of(outcome));
    return 0;
  }

  private Outcome measure(ExecutorPool pool, Table table) throws InterruptedException {
    try (Scene scene = new Scene(pool, split, bound)) {
      Thread.sleep(WARM_UP_MILLIS);
      table.head();
      scene.beginToMeasure();
      Scene.Times begin = scene.times();
      long beginNanos = System.nanoTime();
      List<Outcome.Sample> samples = new ArrayList<>();
      Scene.Times last = begin;
      for (int second = 1; second <= seconds; second++) {
        Thread.sleep(1_000);
        Scene.Times now = scene.times();
        double large = now.largeSince(last);
        samples.add(new Outcome.Sample((System.nanoTime() - beginNanos) / 1e9, large));
        table.line(second, large, scene.delays());
        last = now;
      }
      double measured = (System.nanoTime() - beginNanos) / 1e9;
      return new Outcome(
          split, scene.driver(), bound, measured, samples, last.largeSince(begin), scene.delays());
    }
  }

  /** Before the measurement, and not after it. */
  private static void checkFolder(CommandSpec spec, String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw bad(spec, option + " " + file + ": give a file in a folder that is there");
    }
  }

  private static void write(CommandSpec spec, @Nullable Path file, String text) {
    if (file == null) {
      return;
    }
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw bad(spec, file + " cannot be written: " + e);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("Written: " + file);
    out.flush();
  }

  private static ParameterException bad(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
