package dev.ringlet.examples.limiter;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.Executors;
import dev.ringlet.reactive.AskOptions;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends made-up calls through the pipeline, and prints what became of them. */
@Command(
    name = "limit",
    description = "A Reactor pipeline whose middle stage is a sharded limiter of calls.",
    mixinStandardHelpOptions = true)
public final class LimitCommand implements Runnable {
  private static final String TRACE = "limit-1";

  @Spec private @Nullable CommandSpec command;

  @Mixin private Executors executors = new Executors();

  @Option(names = "--calls", paramLabel = "N", description = "How many (default: 1000000).")
  private int calls = 1_000_000;

  @Option(names = "--clients", paramLabel = "N", description = "Of how many (default: 1000).")
  private int clients = 1000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Calls per second that a client may do in the long run (default: 10).")
  private int perSecond = 10;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "Calls that a client may do at once (default: 20).")
  private int burst = 20;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Calls that are with the shards at most, 1 to 65536 (default: 1024).")
  private int parallelism = 1024;

  @Option(names = "--seed", paramLabel = "N", description = "Who calls when (default: 1).")
  private long seed = 1;

  /** Creates the command with its defaults. */
  public LimitCommand() {}

  @Override
  public void run() {
    CommandSpec spec = Objects.requireNonNull(command, "started without a command line");
    Traffic traffic;
    try {
      traffic = new Traffic(calls, clients, new Limits(perSecond, burst), seed);
    } catch (IllegalArgumentException bad) {
      throw new ParameterException(spec.commandLine(), bad.getMessage());
    }
    if (parallelism < 1 || parallelism > AskOptions.MAX_PARALLELISM) {
      throw new ParameterException(
          spec.commandLine(),
          "--parallelism " + parallelism + ": give 1 to " + AskOptions.MAX_PARALLELISM);
    }
    try (var system = ActorSystem.create("limit", executors.pool())) {
      LimitPipeline pipeline = new LimitPipeline(system, traffic.limits(), parallelism);
      Figures figures = new Figures(system.executors().size());
      long start = System.nanoTime();
      pipeline
          .verdicts(traffic.flux())
          .doOnNext(figures::add)
          .contextWrite(context -> context.put(Trace.KEY, TRACE))
          .blockLast();
      print(figures, System.nanoTime() - start, spec.commandLine().getOut());
    }
  }

  private void print(Figures figures, long nanos, PrintWriter out) {
    double seconds = nanos / 1e9;
    out.printf(
        Locale.ROOT,
        "%d calls of %d clients in %.2f s: %.0f a second%n",
        figures.calls(),
        clients,
        seconds,
        figures.calls() / seconds);
    out.printf(
        Locale.ROOT,
        "allowed: %d, refused: %d%n",
        figures.allowed(),
        figures.calls() - figures.allowed());
    for (int shard = 0; shard < figures.shards(); shard++) {
      out.printf(Locale.ROOT, "shard %d: %d calls%n", shard, figures.callsOf(shard));
    }
    out.println("trace that the shards saw: " + String.join(", ", figures.traces()));
    out.flush();
  }
}
