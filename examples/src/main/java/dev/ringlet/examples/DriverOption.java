package dev.ringlet.examples;

import dev.ringlet.executor.ExecutorPool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that chooses the I/O driver. */
public final class DriverOption {
  @Spec(Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--driver",
      paramLabel = "NAME",
      description =
          "I/O driver: uring, nio or auto (default: what -Dringlet.driver says, or auto).")
  private @Nullable String driver;

  /** Creates the default. */
  public DriverOption() {}

  /**
   * Puts the choice into the settings of a system.
   *
   * @param pool the other settings
   * @return with the driver as the user wants it
   */
  public ExecutorPool applyTo(ExecutorPool pool) {
    String name = driver;
    if (name == null) {
      return pool;
    }
    if (!name.equals("uring") && !name.equals("nio") && !name.equals(ExecutorPool.AUTO)) {
      throw bad("--driver " + name + ": give uring, nio or auto");
    }
    return pool.withDriver(name);
  }

  private ParameterException bad(String message) {
    if (command == null) {
      throw new IllegalStateException(message);
    }
    return new ParameterException(command.commandLine(), message);
  }
}
