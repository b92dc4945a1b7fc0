package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.BufferMemoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process in which the virtual machine has less direct memory than is asked for. */
final class DirectMemoryTest {
  private static final int TOO_MUCH = 16 << 20;

  @TempDir private Path folder;

  @Test
  void theOperationFailsAndTheExecutorLives() throws Exception {
    Path data = Files.write(folder.resolve("data"), new byte[100]);
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:MaxDirectMemorySize=4m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName(),
                    data.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS), "still running");
      String text = Files.readString(output, UTF_8);
      assertEquals(0, process.exitValue(), text);
      assertTrue(text.contains("refused: no memory for " + TOO_MUCH + " bytes"), text);
      assertTrue(text.contains("failed: read " + data + ": ENOMEM"), text);
      assertTrue(text.contains("-XX:MaxDirectMemorySize"), text);
      assertTrue(text.contains("read 100"), text);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What runs there. */
  static final class Program {
    private Program() {}

    @SuppressWarnings("SystemOut") // the other process reads it
    public static void main(String[] args) {
      try (ActorSystem system = Systems.open("nio", 1)) {
        ActorExecutor executor = system.executors().get(0);
        CompletableFuture<String> refused = new CompletableFuture<>();
        Systems.inTurn(
            executor,
            context -> {
              try {
                context.io().buffer(TOO_MUCH).release();
                refused.complete("not at all");
              } catch (BufferMemoryException exhausted) {
                refused.complete(exhausted.getMessage());
              }
            });
        System.out.println("refused: " + Systems.get(refused));
        AsyncFile file = Systems.value(executor, io -> io.open(Path.of(args[0])));
        var failed =
            file.read(0, TOO_MUCH)
                .toCompletionStage()
                .handle((buffer, failure) -> "failed: " + failure.getMessage());
        System.out.println(Systems.get(failed));
        int bytes = Systems.value(executor, io -> file.read(0, 1000)).readableBytes();
        System.out.println("read " + bytes);
      }
    }
  }
}
