package dev.ringlet.examples.tail;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.DriverOption;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.IoException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Prints the lines of a file as it grows, until the process is stopped. */
@Command(
    name = "tail",
    description = "Prints the last lines of a file, and further ones as it grows, as tail -F does.",
    mixinStandardHelpOptions = true)
public final class TailCommand implements Callable<Integer> {
  /** Lines on their way to the thread that prints them, which may block. */
  private static final int LINES_AHEAD = 1024;

  /** How long they may take when the process is stopped. */
  private static final int LAST_LINES_SECONDS = 5;

  @Spec private @Nullable CommandSpec command;

  @Mixin private DriverOption driver = new DriverOption();

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "How many of the lines that are there already (default: 10).")
  private int lastLines = 10;

  @Parameters(paramLabel = "FILE", description = "What to follow; may appear later.")
  private Path file = Path.of("");

  /** Creates the command with its defaults. */
  public TailCommand() {}

  /** What is printed, and where. */
  private record Print(PrintWriter writer, String text) {}

  @Override
  public Integer call() {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("started without a command line");
    }
    if (lastLines < 0) {
      throw new ParameterException(
          spec.commandLine(), "--lines " + lastLines + ": give zero or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Sinks.Empty<Void> stop = Sinks.empty();
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stop, ended), "stop"));
    try (var system = ActorSystem.create("tail", driver.applyTo(ExecutorPool.of(1)))) {
      for (Print print : follow(Disk.of(system), out, err, stop.asMono()).toIterable(LINES_AHEAD)) {
        print.writer().println(print.text());
        if (print.writer().checkError()) {
          return 1;
        }
      }
      return 0;
    } catch (IoException failure) {
      err.println("tail: " + failure.getMessage());
      err.flush();
      return 1;
    } finally {
      ended.countDown();
    }
  }

  private Flux<Print> follow(Disk disk, PrintWriter out, PrintWriter err, Mono<Void> stop) {
    Sinks.Many<String> notices = Sinks.many().unicast().onBackpressureBuffer();
    Flux<Print> lines =
        Tail.follow(disk, file, lastLines, notices::tryEmitNext, stop)
            .doOnTerminate(notices::tryEmitComplete)
            .map(line -> new Print(out, line));
    Flux<Print> complaints =
        notices.asFlux().map(notice -> new Print(err, "tail: " + file + ": " + notice));
    return Flux.merge(lines, complaints);
  }

  /** Somebody who does not read what is printed must not hold it up. */
  private static void end(Sinks.Empty<Void> stop, CountDownLatch ended) {
    stop.tryEmitEmpty();
    try {
      boolean unused = ended.await(LAST_LINES_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException now) {
      Thread.currentThread().interrupt();
    }
  }
}
