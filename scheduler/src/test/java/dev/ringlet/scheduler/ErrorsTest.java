package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.spi.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel refuses, and that the message says what to do. */
@OnBothDrivers
final class ErrorsTest {
  private final String driver;
  @TempDir private Path folder;
  private ActorSystem system;
  private ActorExecutor executor;

  ErrorsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 1);
    executor = system.executors().get(0);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private void assertFails(
      Function<Io, IoOp<?>> operation, String name, String subject, int errno, String cure) {
    CompletionException thrown =
        assertThrows(
            CompletionException.class, () -> Systems.value(executor, io -> operation.apply(io)));
    IoException failure = assertInstanceOf(IoException.class, thrown.getCause());
    assertEquals(errno, failure.errno(), failure.getMessage());
    assertEquals(name, failure.operation());
    assertTrue(failure.subject().contains(subject), failure.subject());
    assertTrue(failure.getMessage().contains(Errno.describe(errno)), failure.getMessage());
    assertTrue(failure.getMessage().contains(cure), failure.getMessage());
  }

  @Test
  void aPortThatIsTaken() {
    TcpListener first =
        Systems.value(executor, io -> io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
    assertFails(
        io -> io.listen(first.localAddress(), ListenOptions.defaults()),
        "listen",
        String.valueOf(first.localAddress().getPort()),
        Errno.EADDRINUSE,
        "ss -ltnp");
  }

  @Test
  void aDiskThatIsFull() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "/dev/full is not here");
    AsyncFile file = Systems.value(executor, io -> io.open(full, StandardOpenOption.WRITE));
    assertFails(
        io -> file.write(0, io.buffer(10).write(new byte[10])),
        "write",
        "/dev/full",
        Errno.ENOSPC,
        "df -i");
  }

  @Test
  void aNameThatIsTooLong() {
    Path path = folder.resolve("x".repeat(300));
    assertFails(io -> io.open(path), "open", "xxx", Errno.ENAMETOOLONG, "255 bytes");
  }

  @Test
  void linksThatLeadInACircle() throws Exception {
    Path path = folder.resolve("circle");
    Files.createSymbolicLink(path, path);
    assertFails(io -> io.open(path), "open", "circle", Errno.ELOOP, "circle");
  }

  @Test
  void aProgramThatRuns() throws Exception {
    Path sleep = Path.of("/bin/sleep");
    assumeTrue(Files.isExecutable(sleep), "no /bin/sleep");
    Path program = Files.copy(sleep, folder.resolve("program"));
    assumeTrue(program.toFile().setExecutable(true), "no executable files here");
    Process process = new ProcessBuilder(program.toString(), "60").start();
    try {
      Systems.awaitUntil(() -> process.info().command().orElse("").endsWith("program"));
      assertFails(
          io -> io.open(program, StandardOpenOption.WRITE),
          "open",
          "program",
          Errno.ETXTBSY,
          "rename it");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
