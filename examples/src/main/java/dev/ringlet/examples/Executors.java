package dev.ringlet.examples;

import dev.ringlet.executor.ExecutorPool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options about executors that all examples have. */
public final class Executors {
  private static final int MAX_COUNT = 1024;

  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--executors",
      paramLabel = "N",
      description = "Number of executors, 1 to 1024 (default: one per CPU).")
  private int count = Runtime.getRuntime().availableProcessors();

  @Mixin private DriverOption driver = new DriverOption();

  /** Creates the defaults. */
  public Executors() {}

  /**
   * The number of executors.
   *
   * @return 1 to 1024
   */
  public int count() {
    if (count < 1 || count > MAX_COUNT) {
      throw bad("--executors " + count + ": give 1 to " + MAX_COUNT);
    }
    return count;
  }

  /**
   * The settings of the system.
   *
   * @return with number and driver as the user wants them
   */
  public ExecutorPool pool() {
    return driver.applyTo(ExecutorPool.of(count()));
  }

  private ParameterException bad(String message) {
    if (command == null) {
      throw new IllegalStateException(message);
    }
    return new ParameterException(command.commandLine(), message);
  }
}
