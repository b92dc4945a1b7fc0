package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process in which the kernel refuses io_uring, as container runtimes have it: a seccomp filter
 * answers io_uring_setup (425 in asm-generic/unistd.h) with EPERM.
 */
final class RefusedUringTest {
  private static final String DENY_AND_RUN =
      """
      #include <errno.h>
      #include <stddef.h>
      #include <stdio.h>
      #include <unistd.h>
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      #include <sys/prctl.h>

      int main(int argc, char **argv) {
        struct sock_filter rules[] = {
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 425, 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {4, rules};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &program)) {
          perror("prctl");
          return 77;
        }
        execv(argv[1], argv + 1);
        perror(argv[1]);
        return 78;
      }
      """;

  @TempDir private Path folder;

  @Test
  void theSystemRunsOnNioAndTheLogSaysWhyInOneLine() throws Exception {
    Path wrapper = compile();
    List<String> command = new ArrayList<>();
    command.add(wrapper.toString());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
    String output = run(command, 0);
    assertTrue(output.contains("answered by nio"), output);
    List<String> reasons =
        output.lines().filter(line -> line.contains("I/O driver nio; not uring: ")).toList();
    assertEquals(1, reasons.size(), output);
    assertTrue(reasons.get(0).contains("EPERM"), reasons.get(0));
    assertTrue(reasons.get(0).contains("seccomp profile"), reasons.get(0));
    assertTrue(reasons.get(0).contains("kernel.io_uring_disabled"), reasons.get(0));
  }

  private Path compile() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "gcc is not here");
    Path source = Files.writeString(folder.resolve("deny.c"), DENY_AND_RUN);
    Path binary = folder.resolve("deny");
    run(List.of("/usr/bin/gcc", "-o", binary.toString(), source.toString()), 0);
    return binary;
  }

  private String run(List<String> command, int expected) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(Systems.PATIENCE.toSeconds(), TimeUnit.SECONDS), "still running");
      String text = Files.readString(output, UTF_8);
      assertEquals(expected, process.exitValue(), text);
      return text;
    } finally {
      process.destroyForcibly();
    }
  }

  /** What runs there. */
  static final class Program {
    private Program() {}

    @SuppressWarnings("SystemOut") // the other process reads it
    public static void main(String[] args) {
      try (ActorSystem system = ActorSystem.create("refused", ExecutorPool.of(2))) {
        CompletableFuture<String> reply = new CompletableFuture<>();
        Systems.inTurn(
            system.executors().get(1),
            context ->
                context
                    .io()
                    .delay(Duration.ofMillis(1))
                    .toCompletionStage()
                    .thenRun(() -> reply.complete("answered by ")));
        system.spawn(() -> (message, context) -> {}, ActorOptions.defaults()).tell("hello");
        System.out.println(Systems.get(reply) + system.executors().get(0).driver());
      }
    }
  }
}
