package dev.ringlet.uring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the settings of machines that are not this one. */
final class SetupAdviceTest {
  @TempDir private Path proc;

  private void put(String file, String content) throws IOException {
    Path path = proc.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private void assertAdvice(int errno, String part) {
    String advice = new SetupAdvice(proc).of(errno);
    assertTrue(advice.contains(part), advice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|it is 0, which allows it: the seccomp profile forbids it",
        "1|in the group of kernel.io_uring_group, which is 1234",
        "2|it is 2: for nobody; set it to 0"
      })
  void aRefusalTellsWhatTheSysctlSays(String value, String part) throws IOException {
    put("sys/kernel/io_uring_disabled", value + "\n");
    put("sys/kernel/io_uring_group", "1234\n");
    assertAdvice(Errno.EPERM, part);
    assertAdvice(Errno.EPERM, "kernel.io_uring_disabled");
  }

  @Test
  void aKernelWithoutTheSysctlIsNotAskedForIt() {
    assertAdvice(Errno.EPERM, "so it is the seccomp profile");
  }

  @Test
  void missingMemoryTellsTheLimit() throws IOException {
    put(
        "self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             7823                 7823                 processes
        Max locked memory         65536                131072               bytes
        """);
    assertAdvice(Errno.ENOMEM, "the limit is 65536 bytes, at most 131072");
    put("self/limits", "nonsense");
    assertAdvice(Errno.ENOMEM, "ulimit -l");
  }

  @Test
  void anUnknownErrorIsStillASentence() {
    assertAdvice(Errno.EIO, "the kernel refused to set up a ring");
  }
}
