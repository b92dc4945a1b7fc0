package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Processes in which a seccomp filter answers {@code io_uring_setup} with an error, as container
 * runtimes have it.
 */
@Timeout(60)
class RefusedSetupTest {
  private static final String DENY_AND_RUN =
      """
      #include <stddef.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <unistd.h>
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      #include <sys/prctl.h>

      int main(int argc, char **argv) {
        struct sock_filter rules[] = {
          BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 425, 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[1])),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {4, rules};
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &program)) {
          perror("prctl");
          return 77;
        }
        execv(argv[2], argv + 2);
        perror(argv[2]);
        return 78;
      }
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    Errno.EPERM + ", EPERM, seccomp",
    Errno.ENOSYS + ", ENOSYS, Linux 6.0",
    Errno.ENOMEM + ", ENOMEM, memlock",
    Errno.EINVAL + ", EINVAL, Linux 6.0"
  })
  void oneLineTellsErrorCauseAndRemedy(int errno, String name, String remedy) throws Exception {
    List<String> lines =
        run(errno).lines().filter(line -> line.contains("io_uring_setup")).toList();
    assertEquals(2, lines.size(), "the probe's cause and the refusal of a driver");
    for (String line : lines) {
      assertTrue(line.contains(name) && line.contains(remedy), line);
    }
    assertTrue(lines.get(1).startsWith("refused: "), lines.get(1));
  }

  private String run(int errno) throws IOException, InterruptedException {
    assumeTrue(CHeaders.isCompilerPresent(), "gcc is not installed");
    Path source = Files.writeString(folder.resolve("deny.c"), DENY_AND_RUN);
    String binary = folder.resolve("deny").toString();
    output(List.of("gcc", "-o", binary, source.toString()));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    String program = Program.class.getName();
    return output(List.of(binary, Integer.toString(errno), java, "-cp", classes, program));
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      byte[] bytes = process.getInputStream().readAllBytes();
      String text = new String(bytes, StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), text);
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
      UringDriverProvider provider = new UringDriverProvider();
      System.out.println(provider.unavailabilityCause());
      try {
        provider.create(new IoDriverOptions(8, 16, 4, 256, Ticker.SYSTEM));
      } catch (RingletException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }
}
