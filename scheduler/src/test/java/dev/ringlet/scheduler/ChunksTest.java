package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoStream;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files read in order. */
@OnBothDrivers
final class ChunksTest {
  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;

  ChunksTest(String driver) {
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

  private Collected<byte[]> all(IoStream<IoBuffer> stream, long demand) {
    return Collected.all(bench.executor, stream, demand, FileWorkbench::take);
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    parts.forEach(joined::writeBytes);
    return joined.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chunksAreTheFileWhateverTheSizes(boolean direct) {
    Random random = FileWorkbench.random("chunksAreTheFileWhateverTheSizes");
    byte[] data = FileWorkbench.bytes(random, 300_000);
    AsyncFile file = bench.open("data", data, direct);
    assertEquals(direct, file.alignment() > 1);
    for (int round = 0; round < 40; round++) {
      int from = random.nextInt(data.length + 10);
      int to = from + random.nextInt(data.length);
      int chunk = 1_000 + random.nextInt(100_000);
      ChunkOptions options =
          ChunkOptions.defaults()
              .withRange(from, to)
              .withChunkBytes(chunk)
              .withReadAhead(1 + random.nextInt(6));
      Collected<byte[]> got = all(file.chunks(options), 1 + random.nextInt(5));
      assertNull(got.failure);
      byte[] expected =
          Arrays.copyOfRange(data, Math.min(from, data.length), Math.min(to, data.length));
      assertArrayEquals(expected, join(got.elements), options.toString());
      for (int i = 0; i < got.elements.size() - 1; i++) {
        assertEquals(chunk, got.elements.get(i).length);
      }
    }
    bench.value(file.close());
  }

  @Test
  void theDefaultsReadAWholeFile() {
    byte[] data = FileWorkbench.bytes(new Random(1), 2_000_000);
    AsyncFile file = bench.open("data", data);
    assertArrayEquals(data, join(all(file.chunks(), Long.MAX_VALUE).elements));
    bench.value(file.close());
  }

  @Test
  void anEmptyFileEndsAtOnceAndSoDoesAnEmptyRange() {
    AsyncFile file = bench.open("empty", new byte[0]);
    assertEquals(List.of(), all(file.chunks(), 1).elements);
    long before = bench.submitted();
    assertEquals(List.of(), all(file.chunks(ChunkOptions.defaults().withRange(5, 5)), 1).elements);
    assertEquals(before, bench.submitted());
    bench.value(file.close());
  }

  @Test
  void aSmallFileCostsNoReadAhead() {
    AsyncFile file = bench.open("small", new byte[100]);
    long before = bench.submitted();
    assertEquals(1, all(file.chunks(), Long.MAX_VALUE).elements.size());
    // The second one finds the end.
    assertEquals(2, bench.submitted() - before);
    bench.value(file.close());
  }

  @Test
  void withoutDemandNothingIsReadAndWithSomeOnlyTheReadAhead() {
    AsyncFile file = bench.open("data", new byte[1_000_000]);
    ChunkOptions options = ChunkOptions.defaults().withChunkBytes(1_000).withReadAhead(3);
    long before = bench.submitted();
    var idle = Collected.some(bench.executor, file.chunks(options), 0, FileWorkbench::take);
    assertEquals(before, bench.submitted());
    var taker = Collected.some(bench.executor, file.chunks(options), 10, FileWorkbench::take);
    Systems.awaitUntil(() -> bench.executor.stats().io().inFlight() == 0);
    long reads = bench.submitted() - before;
    assertTrue(reads >= 10 && reads <= 13, reads + " reads");
    assertEquals(reads - 10, bench.lent());
    taker.tell(Collected.CANCEL);
    Systems.awaitUntil(() -> bench.lent() == 0);
    idle.tell(Collected.STOP);
    taker.tell(Collected.STOP);
    bench.value(file.close());
  }

  @Test
  void anActorThatStopsGivesTheReadAheadBack() {
    AsyncFile file = bench.open("data", new byte[4_000_000]);
    for (int count = 1; count <= 20; count++) {
      ChunkOptions options = ChunkOptions.defaults().withChunkBytes(50_000).withReadAhead(8);
      var taker = Collected.some(bench.executor, file.chunks(options), count, FileWorkbench::take);
      boolean stops = count % 2 == 0;
      taker.tell(stops ? Collected.STOP : Collected.CANCEL);
      Systems.awaitUntil(() -> bench.lent() == 0);
      if (!stops) {
        taker.tell(Collected.STOP);
      }
    }
    bench.value(file.close());
  }

  /** Whatever the reads meet, what is delivered has no hole and no byte twice. */
  @Test
  void aFileThatGrowsWhileItIsReadHasNoHoles() throws Exception {
    Random random = FileWorkbench.random("aFileThatGrowsWhileItIsReadHasNoHoles");
    byte[] data = FileWorkbench.bytes(random, 400_000);
    for (int round = 0; round < 5; round++) {
      Path path = bench.write("growing" + round, Arrays.copyOf(data, 10_000));
      AsyncFile file = bench.open(path);
      Thread writer =
          new Thread(
              () -> {
                for (int at = 10_000; at < data.length; at += 7_777) {
                  append(path, data, at, Math.min(7_777, data.length - at));
                }
              });
      writer.start();
      byte[] got =
          join(all(file.chunks(ChunkOptions.defaults().withChunkBytes(8_192)), 3).elements);
      writer.join();
      assertTrue(got.length >= 10_000, got.length + " bytes");
      assertArrayEquals(Arrays.copyOf(data, got.length), got);
      bench.value(file.close());
    }
  }

  private static void append(Path path, byte[] data, int from, int length) {
    try (var out = Files.newOutputStream(path, StandardOpenOption.APPEND)) {
      out.write(data, from, length);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatIsCutWhileItIsReadEnds() {
    byte[] data = FileWorkbench.bytes(new Random(3), 500_000);
    Path path = bench.write("cut", data);
    AsyncFile file = bench.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    bench.value(file.truncate(100_000));
    byte[] got = join(all(file.chunks(ChunkOptions.defaults().withChunkBytes(30_000)), 1).elements);
    assertArrayEquals(Arrays.copyOf(data, 100_000), got);
    bench.value(file.close());
  }

  @Test
  void aClosedFileFailsTheStream() {
    AsyncFile file = bench.open("closed", new byte[10]);
    IoStream<IoBuffer> chunks = file.chunks();
    bench.value(file.close());
    Collected<byte[]> got = all(chunks, 1);
    assertNotNull(got.failure);
    assertEquals(Errno.EBADF, got.failure.errno());
    assertEquals(List.of(), got.elements);
  }

  @Test
  void aSystemThatClosesWithReadsUnderWayEnds() {
    AsyncFile file = bench.open("data", new byte[1_000_000]);
    Collected.some(bench.executor, file.chunks(), 1, FileWorkbench::take);
    Collected.some(bench.executor, file.chunks(), 0, FileWorkbench::take);
    bench.system.close();
    assertEquals(0, bench.lent());
  }

  @Test
  void badOptionsNameTheValue() {
    ChunkOptions options = ChunkOptions.defaults();
    for (var wrong :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> options.withRange(-1, 4),
            () -> options.withRange(5, 4),
            () -> options.withChunkBytes(0),
            () -> options.withReadAhead(1025))) {
      String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
      assertTrue(message.contains("; give "), message);
    }
  }
}
