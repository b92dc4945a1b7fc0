package dev.ringlet.examples.files;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.DriverOption;
import dev.ringlet.executor.ExecutorPool;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a file and shows how fast. */
@Command(
    name = "copy",
    description = "Copies a file past the page cache, makes it durable and compares it.",
    mixinStandardHelpOptions = true)
public final class CopyCommand implements Callable<Integer> {
  private static final int MIN_BLOCK_KIB = 4;
  private static final int MAX_BLOCK_KIB = 64 * 1024;
  private static final int MAX_DEPTH = 256;
  private static final int BAR = 30;
  private static final double MIB = 1 << 20;

  @Spec private @Nullable CommandSpec command;

  @Mixin private DriverOption driver = new DriverOption();

  @Option(
      names = "--block",
      paramLabel = "KIB",
      description = "KiB per block, 4 to 65536, a multiple of 4 (default: 1024).")
  private int blockKib = 1024;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Blocks under way at once, 1 to 256 (default: 8).")
  private int depth = 8;

  @Option(names = "--buffered", description = "Through the page cache.")
  private boolean buffered;

  @Option(names = "--overwrite", description = "The target may exist.")
  private boolean overwrite;

  @Option(names = "--progress", description = "Show a bar that grows.")
  private boolean bar;

  @Option(names = "--no-verify", description = "Do not read the copy back.")
  private boolean noVerify;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "The file.")
  private @Nullable Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The copy.")
  private @Nullable Path target;

  /** Creates the command with its defaults. */
  public CopyCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    CommandSpec spec = command;
    Path from = source;
    Path to = target;
    if (spec == null || from == null || to == null) {
      throw new IllegalStateException("started without a command line");
    }
    CopyPlan plan =
        new CopyPlan(
            from, to, checkedBlock(spec), checkedDepth(spec), !buffered, overwrite, verify());
    checkDifferent(spec, from, to);
    CopyProgress progress = new CopyProgress();
    PrintWriter out = spec.commandLine().getOut();
    try (var system = ActorSystem.create("copy", driver.applyTo(ExecutorPool.of(1)))) {
      var unused = system.spawn(() -> new CopyActor(plan, progress), ActorOptions.named("copy"));
      show(progress, out);
      out.println(summary(progress));
      out.flush();
      return 0;
    } catch (ExecutionException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("copy: " + Objects.requireNonNull(e.getCause()).getMessage());
      err.flush();
      return 1;
    }
  }

  private boolean verify() {
    return !noVerify;
  }

  private int checkedBlock(CommandSpec spec) {
    if (blockKib < MIN_BLOCK_KIB || blockKib > MAX_BLOCK_KIB || blockKib % MIN_BLOCK_KIB != 0) {
      throw new ParameterException(
          spec.commandLine(), "--block " + blockKib + ": give 4 to 65536, a multiple of 4");
    }
    return blockKib << 10;
  }

  private int checkedDepth(CommandSpec spec) {
    if (depth < 1 || depth > MAX_DEPTH) {
      throw new ParameterException(spec.commandLine(), "--depth " + depth + ": give 1 to 256");
    }
    return depth;
  }

  /** Cutting the target to zero would lose the source. */
  private static void checkDifferent(CommandSpec spec, Path from, Path to) {
    try {
      if (Files.exists(to) && Files.isSameFile(from, to)) {
        throw new ParameterException(spec.commandLine(), to + " is " + from + " itself");
      }
    } catch (java.io.IOException e) {
      throw new ParameterException(spec.commandLine(), from + ": " + e, e);
    }
  }

  private void show(CopyProgress progress, PrintWriter out)
      throws InterruptedException, ExecutionException {
    while (true) {
      try {
        progress.done().get(100, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException notYet) {
        if (bar && progress.size() > 0) {
          out.print("\r" + bar(progress));
          out.flush();
        }
      } finally {
        if (bar && progress.done().isDone()) {
          out.print("\r" + " ".repeat(BAR + 50) + "\r");
        }
      }
    }
  }

  /** One line without an end, to be written over. */
  static String bar(CopyProgress progress) {
    double part = (double) progress.bytes() / progress.size();
    int full = (int) (part * BAR);
    boolean reading = progress.writtenNanos() > 0;
    double seconds = Math.max(1, progress.nanos() - progress.writtenNanos()) / 1e9;
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3.0f%% of %.0f MiB, %.0f MiB/s ",
        reading ? "compares" : "copies  ",
        "#".repeat(full),
        "-".repeat(BAR - full),
        part * 100,
        progress.size() / MIB,
        progress.bytes() / MIB / seconds);
  }

  private String summary(CopyProgress progress) {
    double writing = progress.writtenNanos() / 1e9;
    double reading = (progress.nanos() - progress.writtenNanos()) / 1e9;
    double mib = progress.size() / MIB;
    String copied =
        String.format(
            Locale.ROOT,
            "copied %d bytes in %.2f s, %.0f MiB/s, %s",
            progress.size(),
            writing,
            mib / writing,
            buffered ? "through the page cache" : "direct");
    return noVerify
        ? copied
        : copied
            + String.format(
                Locale.ROOT, "; compared in %.2f s, %.0f MiB/s", reading, mib / reading);
  }
}
