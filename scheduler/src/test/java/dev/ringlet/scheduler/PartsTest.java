package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.MergeOptions;
import dev.ringlet.spi.Errno;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many parts of a file, with neighbours read together. */
@OnBothDrivers
final class PartsTest {
  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;

  PartsTest(String driver) {
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

  private static List<FileRange> ranges(long... positionsAndLengths) {
    List<FileRange> ranges = new ArrayList<>();
    for (int i = 0; i < positionsAndLengths.length; i += 2) {
      ranges.add(new FileRange(positionsAndLengths[i], (int) positionsAndLengths[i + 1]));
    }
    return ranges;
  }

  /** What is read at once: the index of the first range, how many, and which bytes. */
  private record Planned(int first, int count, long from, long to) {}

  private static List<Planned> plan(List<FileRange> ranges, int maxGap, int maxMerged) {
    MergeOptions options = new MergeOptions(maxGap, maxMerged, 1);
    RangeSource source = new IteratorRanges(ranges.iterator());
    List<Planned> plan = new ArrayList<>();
    int first = 0;
    for (MergedRead read = MergedRead.next(source, options);
        read != null;
        read = MergedRead.next(source, options)) {
      plan.add(new Planned(first, read.count(), read.from(), read.from() + read.length()));
      first += read.count();
    }
    return plan;
  }

  private static Planned read(int first, int count, long from, long to) {
    return new Planned(first, count, from, to);
  }

  private static final class Got {
    private final FileRange range;
    private final byte[] bytes;

    Got(FileRange range, byte[] bytes) {
      this.range = range;
      this.bytes = bytes;
    }
  }

  private static Got take(FilePart part) {
    return new Got(part.range(), FileWorkbench.take(part.buffer()));
  }

  private Collected<Got> all(IoStream<FilePart> parts, long demand) {
    return Collected.all(bench.executor, parts, demand, PartsTest::take);
  }

  @Test
  void neighboursAreMergedInEitherDirection() {
    assertEquals(List.of(read(0, 3, 0, 30)), plan(ranges(0, 10, 10, 10, 20, 10), 0, 100));
    assertEquals(List.of(read(0, 3, 0, 30)), plan(ranges(20, 10, 10, 10, 0, 10), 0, 100));
    assertEquals(List.of(read(0, 2, 0, 15)), plan(ranges(0, 10, 5, 10), 0, 100));
    assertEquals(List.of(read(0, 2, 0, 10)), plan(ranges(0, 10, 2, 3), 0, 100));
  }

  @Test
  void gapsAreReadUpToTheLimit() {
    assertEquals(List.of(read(0, 2, 0, 25)), plan(ranges(0, 10, 15, 10), 5, 100));
    assertEquals(
        List.of(read(0, 1, 0, 10), read(1, 1, 16, 26)), plan(ranges(0, 10, 16, 10), 5, 100));
    assertEquals(
        List.of(read(0, 1, 16, 26), read(1, 1, 0, 10)), plan(ranges(16, 10, 0, 10), 5, 100));
  }

  @Test
  void mergedReadsAreNoLongerThanTheLimit() {
    assertEquals(
        List.of(read(0, 2, 0, 20), read(2, 1, 20, 30)), plan(ranges(0, 10, 10, 10, 20, 10), 0, 20));
    // A longer one is read alone, and with what it contains.
    assertEquals(
        List.of(read(0, 2, 0, 50), read(2, 1, 50, 60)), plan(ranges(0, 50, 5, 10, 50, 10), 0, 20));
  }

  /** Or an endless iterator would name equal ones for ever. */
  @Test
  void soManyRangesAreMergedAndNoMore() {
    List<FileRange> equal = Collections.nCopies(MergedRead.MAX_RANGES + 1, new FileRange(7, 3));
    int most = MergedRead.MAX_RANGES;
    assertEquals(List.of(read(0, most, 7, 10), read(most, 1, 7, 10)), plan(equal, 0, 100));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void partsAreThoseOfTheFileInTheOrderOfTheList(boolean direct) {
    Random random = FileWorkbench.random("partsAreThoseOfTheFileInTheOrderOfTheList");
    byte[] data = FileWorkbench.bytes(random, 100_000);
    AsyncFile file = bench.open("data", data, direct);
    assertEquals(direct, file.alignment() > 1);
    for (int round = 0; round < 30; round++) {
      List<FileRange> ranges = new ArrayList<>();
      int position = random.nextInt(1000);
      for (int i = random.nextInt(100); i >= 0; i--) {
        boolean jumps = random.nextInt(4) == 0;
        position =
            jumps ? random.nextInt(110_000) : Math.max(0, position + random.nextInt(500) - 100);
        ranges.add(new FileRange(position, 1 + random.nextInt(400)));
      }
      MergeOptions options =
          new MergeOptions(random.nextInt(300), 1 + random.nextInt(5000), 1 + random.nextInt(6));
      Collected<Got> got = all(file.parts(ranges, options), 1 + random.nextInt(10));
      assertNull(got.failure);
      assertEquals(ranges.size(), got.elements.size());
      for (int i = 0; i < ranges.size(); i++) {
        FileRange range = ranges.get(i);
        assertEquals(range, got.elements.get(i).range);
        int from = (int) Math.min(data.length, range.position());
        int to = (int) Math.min(data.length, range.end());
        assertArrayEquals(Arrays.copyOfRange(data, from, to), got.elements.get(i).bytes);
      }
    }
    bench.value(file.close());
  }

  @Test
  void manySmallPartsCostFewReads() {
    AsyncFile file = bench.open("data", new byte[512 * 8]);
    List<FileRange> ranges = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      ranges.add(new FileRange(i * 8L, 8));
    }
    long before = bench.submitted();
    assertEquals(512, all(file.parts(ranges), Long.MAX_VALUE).elements.size());
    assertEquals(1, bench.submitted() - before);
    Collections.shuffle(ranges, new Random(7));
    before = bench.submitted();
    assertEquals(512, all(file.parts(ranges), Long.MAX_VALUE).elements.size());
    assertEquals(1, bench.submitted() - before);
    before = bench.submitted();
    MergeOptions apart = MergeOptions.defaults().withMaxGap(0).withMaxMerged(1);
    assertEquals(512, all(file.parts(ranges, apart), 20).elements.size());
    assertEquals(512, bench.submitted() - before);
    bench.value(file.close());
  }

  @Test
  void noMoreIsReadThanDemandAndConcurrencyAllow() {
    AsyncFile file = bench.open("data", new byte[100_000]);
    List<FileRange> ranges = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ranges.add(new FileRange(i * 1000L, 10));
    }
    MergeOptions apart = MergeOptions.defaults().withMaxGap(0).withConcurrency(4);
    long before = bench.submitted();
    var idle = Collected.some(bench.executor, file.parts(ranges, apart), 0, PartsTest::take);
    assertEquals(before, bench.submitted());
    var taker = Collected.some(bench.executor, file.parts(ranges, apart), 7, PartsTest::take);
    assertEquals(7, bench.submitted() - before);
    assertEquals(0, bench.lent());
    idle.tell(Collected.STOP);
    taker.tell(Collected.STOP);
    bench.value(file.close());
  }

  @Test
  void whoCancelsOrStopsGivesAllBack() {
    AsyncFile file = bench.open("data", new byte[1_000_000]);
    List<FileRange> ranges = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ranges.add(new FileRange(i * 9000L, 3000));
      ranges.add(new FileRange(i * 9000L + 3000, 1000));
    }
    for (int count = 1; count <= 20; count++) {
      var taker = Collected.some(bench.executor, file.parts(ranges), count, PartsTest::take);
      boolean stops = count % 2 == 0;
      taker.tell(stops ? Collected.STOP : Collected.CANCEL);
      Systems.awaitUntil(() -> bench.lent() == 0);
      if (!stops) {
        taker.tell(Collected.STOP);
      }
    }
    bench.value(file.close());
  }

  @Test
  void aFailureNamesTheRange() {
    AsyncFile file = bench.open("data", new byte[100]);
    IoStream<FilePart> parts = file.parts(ranges(12, 34));
    bench.value(file.close());
    Collected<Got> got = all(parts, 1);
    assertNotNull(got.failure);
    assertEquals(Errno.EBADF, got.failure.errno());
    String message = got.failure.getMessage();
    assertTrue(message.contains("data at 12, 34 bytes"), message);
  }

  @Test
  void noRangesAreNoParts() {
    AsyncFile file = bench.open("data", new byte[100]);
    Collected<Got> got = all(file.parts(List.of()), 1);
    assertNull(got.failure);
    assertEquals(List.of(), got.elements);
    bench.value(file.close());
  }

  @Test
  void badRangesNameTheValue() {
    assertThrows(IllegalArgumentException.class, () -> new FileRange(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new FileRange(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new FileRange(Long.MAX_VALUE, 1));
    assertThrows(IllegalArgumentException.class, () -> new MergeOptions(-1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new MergeOptions(0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new MergeOptions(0, 1, 0));
  }

  @Test
  void aPartThatNoMemoryCouldHoldEndsTheStreamAfterThePartsBefore() {
    FileWorkbench scarce =
        new FileWorkbench(Systems.pool(driver, 1).withBufferMemory(1 << 20), folder);
    try {
      AsyncFile file = scarce.open("scarce", new byte[8192]);
      MergeOptions apart = MergeOptions.defaults().withMaxGap(0).withMaxMerged(1);
      IoStream<FilePart> parts =
          file.parts(ranges(0, 4096, 5000, 100, 100_000, 2 << 20, 0, 10), apart);
      Collected<Got> got = Collected.all(scarce.executor, parts, Long.MAX_VALUE, PartsTest::take);
      assertEquals(2, got.elements.size());
      IoException failure = Objects.requireNonNull(got.failure);
      assertEquals(Errno.EINVAL, failure.errno());
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.contains("scarce at 100000, 2097152 bytes"), message);
      Systems.awaitUntil(() -> scarce.lent() == 0);
    } finally {
      scarce.close();
    }
  }
}
