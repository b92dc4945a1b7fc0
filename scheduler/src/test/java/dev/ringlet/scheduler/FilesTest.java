package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as users see them. */
@OnBothDrivers
final class FilesTest {
  private final String driver;
  @TempDir private Path folder;
  private ActorSystem system;
  private Io io;

  FilesTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 1);
    CompletableFuture<Io> given = new CompletableFuture<>();
    Systems.inTurn(system.executors().get(0), context -> given.complete(context.io()));
    io = Systems.get(given);
  }

  @AfterEach
  void close() {
    Systems.awaitUntil(() -> system.stats().executors().get(0).buffersLent() == 0);
    system.close();
  }

  private AsyncFile create(String name) {
    return Systems.get(
        io.open(
                folder.resolve(name),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)
            .toCompletionStage());
  }

  private IoBuffer buffer(byte[] bytes) {
    CompletableFuture<IoBuffer> given = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context -> given.complete(context.io().buffer(Math.max(1, bytes.length)).write(bytes)));
    return Systems.get(given);
  }

  private byte[] read(AsyncFile file, long position, int length) {
    IoBuffer buffer = Systems.get(file.read(position, length).toCompletionStage());
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    byte[] data = new byte[3_000_000];
    new Random(1).nextBytes(data);
    AsyncFile file = create("data");
    assertEquals(
        data.length, Systems.get(file.write(0, buffer(data)).toCompletionStage()).intValue());
    Systems.get(file.dataSync().toCompletionStage());
    assertEquals(data.length, Systems.get(file.size().toCompletionStage()).longValue());
    assertArrayEquals(data, read(file, 0, data.length));
    assertArrayEquals(data, Files.readAllBytes(file.path()));
    Systems.get(file.close().toCompletionStage());
  }

  @Test
  void aReadAcrossTheEndGivesWhatIsThere() {
    AsyncFile file = create("short");
    Systems.get(file.write(0, buffer("hello".getBytes(US_ASCII))).toCompletionStage());
    assertEquals("llo", new String(read(file, 2, 100), US_ASCII));
    assertEquals(0, read(file, 5, 100).length);
    Systems.get(file.truncate(2).toCompletionStage());
    assertEquals("he", new String(read(file, 0, 100), US_ASCII));
    Systems.get(file.close().toCompletionStage());
  }

  /** A pipe takes what it holds, so the kernel's writes are short; NIO has none on pipes. */
  @Test
  void aWriteThatIsTakenInPiecesIsFinished() throws Exception {
    assumeTrue(driver.equals("uring"), "FileChannel writes at positions, which a pipe has not");
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
    byte[] data = new byte[1 << 20];
    new Random(2).nextBytes(data);
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(
            () -> {
              try (InputStream in = Files.newInputStream(pipe)) {
                return in.readNBytes(data.length);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    // Both ways, since a pipe without a reader cannot be opened for writing alone.
    AsyncFile file =
        Systems.get(
            io.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE).toCompletionStage());
    long before = system.stats().executors().get(0).io().submitted();
    assertEquals(
        data.length, Systems.get(file.write(0, buffer(data)).toCompletionStage()).intValue());
    assertArrayEquals(data, Systems.get(read));
    long pieces = system.stats().executors().get(0).io().submitted() - before;
    assertTrue(pieces >= 2, pieces + " pieces");
    Systems.get(file.close().toCompletionStage());
  }

  @Test
  void anEmptyWriteIsNoOperation() {
    AsyncFile file = create("empty");
    assertEquals(0, Systems.get(file.write(0, buffer(new byte[0])).toCompletionStage()).intValue());
    Systems.get(file.close().toCompletionStage());
  }

  @Test
  void errorsNameTheOperationThePathAndTheReason() {
    Path missing = folder.resolve("missing");
    CompletionException thrown =
        assertThrows(
            CompletionException.class, () -> Systems.get(io.open(missing).toCompletionStage()));
    IoException failure = (IoException) thrown.getCause();
    assertEquals(Errno.ENOENT, failure.errno());
    assertEquals("open", failure.operation());
    assertEquals(missing.toString(), failure.subject());
    assertTrue(failure.getMessage().contains("ENOENT"), failure.getMessage());
  }

  @Test
  void aFileThatIsClosedSaysSo() {
    AsyncFile file = create("closed");
    Systems.get(file.close().toCompletionStage());
    Systems.get(file.close().toCompletionStage());
    CompletionException thrown =
        assertThrows(
            CompletionException.class, () -> Systems.get(file.read(0, 10).toCompletionStage()));
    IoException failure = (IoException) thrown.getCause();
    assertEquals(Errno.EBADF, failure.errno());
    assertEquals(file.path().toString(), failure.subject());
  }

  @Test
  void badArgumentsNameTheValue() {
    AsyncFile file = create("arguments");
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> file.read(-1, 10))
            .getMessage()
            .contains("-1"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> file.read(0, 0))
            .getMessage()
            .contains("0"));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> io.open(folder, StandardOpenOption.SPARSE))
            .getMessage()
            .contains("SPARSE"));
    Systems.get(file.close().toCompletionStage());
  }
}
