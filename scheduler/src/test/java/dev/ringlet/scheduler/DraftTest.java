package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written once. */
@OnBothDrivers
final class DraftTest {
  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;

  DraftTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    bench = new FileWorkbench(driver, folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** What a crash would leave is what stands in the folder at each step. */
  @Test
  void theFileIsThereWholeOrNotAtAll() throws IOException {
    byte[] old = "old".getBytes(US_ASCII);
    Path path = bench.write("config", old);
    byte[] data = FileWorkbench.bytes(new Random(8), 500_000);
    FileDraft draft = bench.value(bench.io.draft(path));
    assertEquals(path, draft.path());
    List<String> begun = names();
    assertEquals(2, begun.size());
    assertTrue(begun.get(0).matches("\\.config\\.[0-9a-f]+\\.draft"), begun.get(0));
    for (int from = 0; from < data.length; from += 100_000) {
      bench.value(draft.output().write(java.util.Arrays.copyOfRange(data, from, from + 100_000)));
      assertArrayEquals(old, Files.readAllBytes(path));
    }
    bench.value(draft.output().sync());
    assertArrayEquals(old, Files.readAllBytes(path));
    AsyncFile sealed = bench.value(draft.seal());
    assertEquals(List.of("config"), names());
    assertArrayEquals(data, Files.readAllBytes(path));
    assertArrayEquals(data, FileWorkbench.take(bench.value(sealed.read(0, data.length + 1))));
    assertEquals(Errno.EBADF, bench.failure(draft.output().write(new byte[1])).errno());
    assertEquals(Errno.EBADF, bench.failure(sealed.write(0, bench.buffer(new byte[1]))).errno());
    bench.value(draft.discard());
    AsyncFile again = bench.value(draft.seal());
    assertEquals(List.of("config"), names());
    bench.value(again.close());
    bench.value(sealed.close());
  }

  @Test
  void aSealedFileHasManyReaders() {
    byte[] data = FileWorkbench.bytes(new Random(9), 300_000);
    FileDraft draft = bench.value(bench.io.draft(bench.path("shared")));
    bench.value(draft.output().write(data));
    AsyncFile sealed = bench.value(draft.seal());
    AsyncFile other = bench.open(draft.path());
    for (AsyncFile file : List.of(sealed, other)) {
      Collected<byte[]> got = Collected.all(bench.executor, file.chunks(), 2, FileWorkbench::take);
      assertEquals(data.length, got.elements.stream().mapToInt(chunk -> chunk.length).sum());
      bench.value(file.close());
    }
  }

  @Test
  void anEmptyFileCanBeSealed() throws IOException {
    FileDraft draft = bench.value(bench.io.draft(bench.path("empty")));
    bench.value(bench.value(draft.seal()).close());
    assertEquals(0, Files.size(draft.path()));
  }

  @Test
  void whatIsDiscardedWasNeverThere() throws IOException {
    FileDraft draft = bench.value(bench.io.draft(bench.path("unwanted")));
    bench.value(draft.output().write(new byte[1000]));
    bench.value(draft.discard());
    bench.value(draft.discard());
    assertEquals(List.of(), names());
    assertEquals(Errno.ENOENT, bench.failure(draft.seal()).errno());
  }

  @Test
  void aFailedSealSaysWhyAndLeavesNothing() throws IOException {
    Path occupied = Files.createDirectories(bench.path("occupied/full")).getParent();
    FileDraft draft = bench.value(bench.io.draft(occupied));
    bench.value(draft.output().write(new byte[10]));
    IoException failure = bench.failure(draft.seal());
    assertEquals(Errno.EISDIR, failure.errno());
    assertEquals(occupied.toString(), failure.subject());
    assertEquals(List.of("occupied"), names());
    assertEquals(Errno.EISDIR, bench.failure(draft.seal()).errno());
  }

  @Test
  void aDraftInNoDirectorySaysSo() {
    IoException failure = bench.failure(bench.io.draft(bench.path("no/such")));
    assertEquals(Errno.ENOENT, failure.errno());
    assertEquals("draft", failure.operation());
  }

  /** Whatever an unwanted draft had come to, it does not stay. */
  @Test
  void aCancelledDraftIsDeleted() {
    for (int i = 0; i < 10; i++) {
      boolean late = i % 2 == 0;
      bench.inTurn(
          io -> {
            IoOp<FileDraft> draft = io.draft(bench.path("cancelled"));
            CompletionStage<FileDraft> begun = draft.toCompletionStage();
            if (late) {
              io.delay(java.time.Duration.ofNanos(1)).toCompletionStage().thenRun(draft::cancel);
              begun.thenAccept(made -> made.discard().toCompletionStage());
            } else {
              draft.cancel();
            }
            return 0;
          });
    }
    Systems.awaitUntil(() -> names().isEmpty());
  }

  @Test
  void aSealThatNobodyWaitsForGoesOn() throws IOException {
    FileDraft draft = bench.value(bench.io.draft(bench.path("sealed")));
    bench.inTurn(
        io -> {
          draft.output().write(new byte[5]).toCompletionStage();
          IoOp<AsyncFile> seal = draft.seal();
          seal.toCompletionStage();
          seal.cancel();
          return 0;
        });
    Systems.awaitUntil(() -> names().equals(List.of("sealed")));
    assertEquals(5, Files.size(draft.path()));
  }

  @Test
  void aSystemThatClosesTellsWhoSeals() throws IOException {
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      FileDraft draft = bench.value(bench.io.draft(bench.path("f" + i), OutputOptions.defaults()));
      stages.add(draft.output().write(new byte[100_000]).toCompletionStage());
      stages.add(draft.seal().toCompletionStage());
    }
    bench.system.close();
    for (CompletionStage<?> stage : stages) {
      Object outcome = Systems.get(stage.handle((value, failure) -> failure == null ? 0 : failure));
      assertTrue(outcome.equals(0) || outcome instanceof IoException, outcome.toString());
    }
    for (String name : names()) {
      boolean whole = name.startsWith(".") || Files.size(bench.path(name)) == 100_000;
      assertTrue(whole, name);
    }
  }
}
