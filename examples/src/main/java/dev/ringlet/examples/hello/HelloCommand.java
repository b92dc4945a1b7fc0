package dev.ringlet.examples.hello;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.Executors;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds numbers with an actor and prints the total. */
@Command(
    name = "hello",
    description = "Adds numbers with one actor and prints the total.",
    mixinStandardHelpOptions = true)
public final class HelloCommand implements Runnable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Spec private @Nullable CommandSpec command;

  @Mixin private Executors executors = new Executors();

  @Parameters(paramLabel = "NUMBER", description = "What to add (default: 1 2 3).", arity = "0..*")
  private int[] numbers = {1, 2, 3};

  /** Creates the command with its defaults. */
  public HelloCommand() {}

  @Override
  public void run() {
    try (var system = ActorSystem.create("hello", executors.pool())) {
      var counter = system.spawn(Counter::new, ActorOptions.named("counter"));
      for (int number : numbers) {
        counter.tell(new Counter.Add(number));
      }
      int total = counter.<Integer>ask(Counter.Get::new, TIMEOUT).toCompletableFuture().join();
      print("The total is " + total + ".");
    }
  }

  private void print(String line) {
    if (command != null) {
      PrintWriter out = command.commandLine().getOut();
      out.println(line);
      out.flush();
    }
  }
}
