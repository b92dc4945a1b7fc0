package dev.ringlet.examples.files;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.DriverOption;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes files, and standard input where it is named, to standard output. */
@Command(
    name = "cat",
    description = "Writes files to standard output, one behind the other; - is standard input.",
    mixinStandardHelpOptions = true)
public final class CatCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec command;

  @Mixin private DriverOption driver = new DriverOption();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "What is appended to; it must exist (default: standard output).")
  private @Nullable Path output;

  @Parameters(paramLabel = "FILE", description = "What to write.", arity = "1..*")
  private List<Path> files = List.of();

  /** Creates the command with its defaults. */
  public CatCommand() {}

  @Override
  public Integer call() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    try (var system = ActorSystem.create("cat", driver.applyTo(ExecutorPool.of(1)))) {
      var unused =
          system.spawn(
              () -> new CatActor(files, output, this::complain, done), ActorOptions.named("cat"));
      return done.join() ? 0 : 1;
    } catch (CompletionException e) {
      boolean nobodyReads = e.getCause() instanceof IoException io && io.errno() == Errno.EPIPE;
      if (!nobodyReads) {
        complain(e.getCause());
      }
      return 1;
    }
  }

  private void complain(@Nullable Throwable failure) {
    if (command != null && failure != null) {
      PrintWriter err = command.commandLine().getErr();
      err.println("cat: " + failure.getMessage());
      err.flush();
    }
  }
}
