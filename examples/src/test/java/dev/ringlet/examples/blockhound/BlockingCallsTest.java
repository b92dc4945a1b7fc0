package dev.ringlet.examples.blockhound;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.examples.ExampleProcess;
import dev.ringlet.examples.kv.Drivers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BlockHound changes the JDK's own classes, so it gets JVMs of its own. */
@Timeout(240)
final class BlockingCallsTest {
  @TempDir private Path directory;

  private static ExampleProcess program(Class<?> main, String... arguments) throws Exception {
    List<String> options = new ArrayList<>(List.of("-XX:+AllowRedefinitionToAddDeleteMethods"));
    if (Runtime.version().feature() >= 21) {
      options.add("-XX:+EnableDynamicAgentLoading");
    }
    return ExampleProcess.java(options, main.getName(), arguments);
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void blockingCallsInTurnsAreFoundAndNoOthers(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    Path file = Files.writeString(directory.resolve("file"), "content");
    try (ExampleProcess program = program(BlockingProgram.class, driver, file.toString())) {
      assertEquals(0, program.awaitEnd(), () -> String.join("\n", program.output()));
      assertEquals(
          List.of(
              "sleep in a turn: found",
              "read in a turn: found",
              "park in a turn: found",
              "sleep in a subscriber: found",
              "read in a subscriber: found",
              "sleep in a task: found",
              "sleep in an operator: found",
              "sleep as offloaded work: null",
              "sleep on the main thread: null",
              "failure of an actor: found"),
          program.output().stream()
              .filter(line -> line.matches("(sleep|read|park|failure) .*"))
              .toList());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void runtimeItselfDoesNotBlockInTurns(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    try (ExampleProcess program = program(CleanProgram.class, driver, directory.toString())) {
      assertEquals(0, program.awaitEnd(), () -> String.join("\n", program.output()));
      List<String> output = program.output();
      assertEquals(
          List.of("violations: 0", "and with one that was wanted: 1"),
          output.subList(output.size() - 2, output.size()),
          () -> String.join("\n", output));
    }
  }
}
