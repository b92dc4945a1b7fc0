package dev.ringlet.examples.tail;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.examples.ExampleProcess;
import dev.ringlet.examples.kv.Drivers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** {@code tail} as users run it. */
@Timeout(240)
final class TailCommandTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void printsLinesUntilItIsStopped(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    Path log = Files.writeString(directory.resolve("log"), "one\ntwo\nthree\n");
    try (ExampleProcess tail =
        ExampleProcess.example("tail", "--driver", driver, "-n", "2", log.toString())) {
      assertEquals("two", tail.nextLine());
      assertEquals("three", tail.nextLine());
      Files.writeString(log, "four\n", APPEND);
      assertEquals("four", tail.nextLine());
      Files.writeString(log, "");
      assertEquals("tail: " + log + ": file truncated", tail.nextLine());
      tail.terminate();
      assertEquals(ExampleProcess.SIGTERM_EXIT, tail.awaitEnd());
      assertEquals(List.of(), tail.output().subList(4, tail.output().size()));
    }
  }

  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new TailCommand()).setErr(new PrintWriter(errors)).execute(arguments);
  }

  @Test
  void missingDirectoryIsNamed() {
    Path missing = directory.resolve("missing");
    assertEquals(1, run(missing.resolve("file").toString()));
    assertTrue(errors.toString().contains(missing.toString()), errors.toString());
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    assertEquals(2, run("-n", "-1", "file"));
    assertEquals(2, run());
  }
}
