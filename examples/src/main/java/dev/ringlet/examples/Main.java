package dev.ringlet.examples;

import dev.ringlet.examples.doctor.DoctorCommand;
import dev.ringlet.examples.echo.EchoCommand;
import dev.ringlet.examples.files.CatCommand;
import dev.ringlet.examples.files.CopyCommand;
import dev.ringlet.examples.hello.HelloCommand;
import dev.ringlet.examples.kv.KvCommand;
import dev.ringlet.examples.limiter.LimitCommand;
import dev.ringlet.examples.priorities.PrioritiesCommand;
import dev.ringlet.examples.simulate.SimulateCommand;
import dev.ringlet.examples.tail.TailCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Starts an example by its name. */
@Command(
    name = "ringlet-examples",
    description = "Runnable programs on Ringlet.",
    mixinStandardHelpOptions = true,
    version = "Ringlet examples 0.1",
    subcommands = {
      KvCommand.class,
      EchoCommand.class,
      HelloCommand.class,
      PrioritiesCommand.class,
      CatCommand.class,
      CopyCommand.class,
      TailCommand.class,
      LimitCommand.class,
      SimulateCommand.class,
      DoctorCommand.class
    })
public final class Main {
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  private Main() {}

  /**
   * Runs one example and ends the process with its exit code: 0 for success, 1 for a failure, 2 for
   * settings that cannot work.
   *
   * @param arguments the name of the example and its options
   */
  public static void main(String[] arguments) {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%1$tF %1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
    }
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::onBadParameter)
        .execute(arguments);
  }

  private static int onBadParameter(ParameterException problem, String[] arguments) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + problem.getMessage());
    err.println("Try '" + name + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
