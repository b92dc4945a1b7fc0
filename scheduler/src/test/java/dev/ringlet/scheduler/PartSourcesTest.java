package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.MergeOptions;
import dev.ringlet.spi.Errno;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts whose ranges come one by one: from an iterator, or from another stream. */
@OnBothDrivers
final class PartSourcesTest {
  private static final int BYTES = 100_000;
  private static final MergeOptions APART =
      MergeOptions.defaults().withMaxGap(0).withMaxMerged(1).withConcurrency(4);

  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;
  private Random random;
  private byte[] data;
  private AsyncFile file;

  PartSourcesTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    bench = new FileWorkbench(Systems.pool(driver, 1).withBufferMemory(1 << 20), folder);
    random = FileWorkbench.random("PartSourcesTest");
    data = FileWorkbench.bytes(random, BYTES);
    file = bench.open("data", data);
  }

  @AfterEach
  void close() {
    bench.value(file.close());
    bench.close();
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
    return Collected.all(bench.executor, parts, demand, PartSourcesTest::take);
  }

  private void assertRead(List<FileRange> ranges, List<Got> got) {
    assertEquals(ranges.size(), got.size());
    for (int i = 0; i < ranges.size(); i++) {
      FileRange range = ranges.get(i);
      assertEquals(range, got.get(i).range);
      int from = (int) Math.min(data.length, range.position());
      int to = (int) Math.min(data.length, range.end());
      assertArrayEquals(Arrays.copyOfRange(data, from, to), got.get(i).bytes);
    }
  }

  /** Makes ranges without end and counts them. */
  private static final class Endless implements Iterator<FileRange> {
    private final IntFunction<FileRange> maker;
    private final AtomicInteger asked = new AtomicInteger();

    Endless(IntFunction<FileRange> maker) {
      this.maker = maker;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public FileRange next() {
      return maker.apply(asked.getAndIncrement());
    }
  }

  private static FileRange far(int index) {
    return new FileRange(index * 7919L % (BYTES - 10), 10);
  }

  @Test
  void anEndlessIteratorIsAskedAsFarAsPartsAreWanted() {
    Endless endless = new Endless(PartSourcesTest::far);
    var idle = Collected.some(bench.executor, file.parts(() -> endless, APART), 0, part -> "");
    assertEquals(0, endless.asked.get());
    long before = bench.submitted();
    var taker =
        Collected.some(
            bench.executor, file.parts(() -> endless, APART), 5000, PartSourcesTest::take);
    assertEquals(5001, endless.asked.get(), "one is looked at to see whether it can be merged");
    assertEquals(5000, bench.submitted() - before);
    assertEquals(0, bench.lent());
    idle.tell(Collected.STOP);
    taker.tell(Collected.STOP);
  }

  @Test
  void anEndlessIteratorIsNotAheadOfWhatMayBeRead() {
    Endless endless = new Endless(PartSourcesTest::far);
    AtomicInteger taken = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CompletableFuture<Void> enough = new CompletableFuture<>();
    bench.executor.spawn(
        () ->
            new Actor<FilePart>() {
              @Override
              public void preStart(ActorContext<FilePart> context) {
                context.subscribe(file.parts(() -> endless, APART), part -> part, Long.MAX_VALUE);
              }

              @Override
              public void receive(FilePart part, ActorContext<FilePart> context) {
                part.buffer().release();
                int ahead = endless.asked.get() - taken.incrementAndGet();
                most.accumulateAndGet(ahead, Math::max);
                if (taken.get() == 10_000) {
                  context.stop();
                  enough.complete(null);
                }
              }
            },
        ActorOptions.defaults());
    Systems.get(enough);
    assertTrue(most.get() <= APART.concurrency() + 1, most + " ahead");
  }

  /** They are merged, up to a number; with a demand of one too. */
  @Test
  void equalRangesWithoutEndAreRead() {
    Endless endless = new Endless(index -> new FileRange(70, 7));
    for (long demand : new long[] {1, 3 * MergedRead.MAX_RANGES}) {
      var taker =
          Collected.some(
              bench.executor,
              file.parts(() -> endless, MergeOptions.defaults()),
              demand,
              PartSourcesTest::take);
      taker.tell(Collected.STOP);
    }
    assertTrue(endless.asked.get() <= 5 * MergedRead.MAX_RANGES + 2, endless.asked + " asked");
    Systems.awaitUntil(() -> bench.lent() == 0);
  }

  @Test
  void eachSubscriptionHasAnIteratorOfItsOwn() {
    List<FileRange> ranges = List.of(new FileRange(0, 5), new FileRange(90, 5));
    Iterable<FileRange> lazy = () -> ranges.stream().iterator();
    IoStream<FilePart> parts = file.parts(lazy, APART);
    assertRead(ranges, all(parts, 1).elements);
    assertRead(ranges, all(parts, 9).elements);
  }

  @Test
  void noRangesAreNoParts() {
    Collected<Got> got = all(file.parts((Iterable<FileRange>) List.<FileRange>of(), APART), 1);
    assertNull(got.failure);
    assertEquals(List.of(), got.elements);
  }

  @Test
  void whatTheIteratorThrowsComesAfterThePartsBefore() {
    RuntimeException thrown = new IllegalStateException("by the test");
    Endless endless =
        new Endless(
            index -> {
              if (index == 3) {
                throw thrown;
              }
              return far(index);
            });
    Collected<Got> got = all(file.parts(() -> endless, APART), Long.MAX_VALUE);
    assertRead(List.of(far(0), far(1), far(2)), got.elements);
    assertNotNull(got.failure);
    assertEquals(Errno.EINVAL, got.failure.errno());
    assertEquals(thrown, got.failure.getCause());
    Endless broken =
        new Endless(
            index -> {
              throw new AssertionError("by the test");
            });
    Collected<Got> none = all(file.parts(() -> broken, APART), 1);
    assertNotNull(none.failure);
    assertInstanceOf(AssertionError.class, none.failure.getCause());
    Collected<Got> nothing = all(file.parts(() -> nulls(), APART), 1);
    assertNotNull(nothing.failure);
    assertInstanceOf(NullPointerException.class, nothing.failure.getCause());
  }

  private static Iterator<FileRange> nulls() {
    return Stream.<FileRange>of((FileRange) null).iterator();
  }

  /** Which is in a turn of the actor and may do what that may do. */
  @Test
  void anIteratorMayAskForMoreOrCancel() {
    CompletableFuture<List<Got>> outcome = new CompletableFuture<>();
    bench.executor.spawn(() -> new Meddler(outcome), ActorOptions.defaults());
    List<FileRange> expected = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      expected.add(far(i));
    }
    assertRead(expected, Systems.get(outcome));
    Systems.awaitUntil(() -> bench.lent() == 0);
  }

  private final class Meddler implements Actor<FilePart> {
    private final CompletableFuture<List<Got>> outcome;
    private final List<Got> got = new ArrayList<>();
    private @Nullable IoSubscription subscription;
    private boolean cancelled;

    Meddler(CompletableFuture<List<Got>> outcome) {
      this.outcome = outcome;
    }

    @Override
    public void preStart(ActorContext<FilePart> context) {
      subscription =
          context.subscribe(file.parts(() -> new Endless(this::range), APART), part -> part, 0);
      subscription.request(1);
    }

    private FileRange range(int index) {
      IoSubscription running = subscription;
      assertNotNull(running);
      if (got.size() < 6) {
        running.request(1);
      } else {
        running.cancel();
        cancelled = true;
      }
      return far(index);
    }

    @Override
    public void receive(FilePart part, ActorContext<FilePart> context) {
      assertFalse(cancelled, "and nothing comes after that");
      got.add(take(part));
      if (got.size() == 6) {
        IoSubscription running = subscription;
        assertNotNull(running);
        running.request(1);
        outcome.complete(List.copyOf(got));
      }
    }
  }

  private AsyncFile index(List<FileRange> ranges) {
    StringBuilder lines = new StringBuilder();
    ranges.forEach(range -> lines.append(range.position() + " " + range.length() + "\n"));
    return bench.open("index", lines.toString().getBytes(US_ASCII));
  }

  private static FileRange parse(String line) {
    int space = line.indexOf(' ');
    return new FileRange(
        Long.parseLong(line.substring(0, Math.max(0, space))),
        Integer.parseInt(line.substring(space + 1)));
  }

  private IoStream<String> lines(AsyncFile index) {
    return bench.io.lines(index.chunks(ChunkOptions.defaults().withChunkBytes(300)));
  }

  @Test
  void theLinesOfAnIndexAskForParts() {
    for (int round = 0; round < 10; round++) {
      List<FileRange> ranges = new ArrayList<>();
      int position = 0;
      for (int i = random.nextInt(600); i >= 0; i--) {
        boolean jumps = random.nextInt(20) == 0;
        position = jumps ? random.nextInt(110_000) : position + random.nextInt(200);
        ranges.add(new FileRange(position, 1 + random.nextInt(300)));
      }
      AsyncFile index = index(ranges);
      MergeOptions options =
          new MergeOptions(random.nextInt(300), 1 + random.nextInt(5000), 1 + random.nextInt(6));
      Collected<Got> got =
          all(
              file.parts(lines(index), PartSourcesTest::parse, options),
              random.nextBoolean() ? Long.MAX_VALUE : 1 + random.nextInt(10));
      assertNull(got.failure);
      assertRead(ranges, got.elements);
      bench.value(index.close());
    }
  }

  /** The first may be read alone, as it comes alone. */
  @Test
  void rangesOfAStreamAreMergedAsTheyCome() {
    List<FileRange> ranges = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ranges.add(new FileRange(i * 50L, 50));
    }
    AsyncFile index = index(ranges);
    IoStream<String> lines = bench.io.lines(index.chunks());
    long before = bench.submitted();
    Collected<Got> got =
        all(file.parts(lines, PartSourcesTest::parse, MergeOptions.defaults()), Long.MAX_VALUE);
    assertRead(ranges, got.elements);
    assertTrue(bench.submitted() - before < 500, bench.submitted() - before + " reads");
    bench.value(index.close());
  }

  @Test
  void aStreamOfRequestsIsNotAskedWithoutDemand() {
    AsyncFile index = index(List.of(far(0)));
    long before = bench.submitted();
    var taker =
        Collected.some(
            bench.executor, file.parts(lines(index), PartSourcesTest::parse, APART), 0, part -> "");
    assertEquals(before, bench.submitted());
    taker.tell(Collected.STOP);
    bench.value(index.close());
  }

  @Test
  void whatTheFunctionThrowsComesAfterThePartsBefore() {
    AsyncFile index = bench.open("index", "0 5\n90 5\nnonsense\n7 7\n".getBytes(US_ASCII));
    Collected<Got> got = all(file.parts(lines(index), PartSourcesTest::parse, APART), 9);
    assertRead(List.of(new FileRange(0, 5), new FileRange(90, 5)), got.elements);
    assertNotNull(got.failure);
    assertInstanceOf(NumberFormatException.class, got.failure.getCause());
    bench.value(index.close());
  }

  @Test
  void aFailureOfTheRequestsComesAfterThePartsBefore() {
    AsyncFile index = bench.open("index", ("0 5\n90 5\n" + "0".repeat(70_000)).getBytes(US_ASCII));
    Collected<Got> got = all(file.parts(lines(index), PartSourcesTest::parse, APART), 1);
    assertRead(List.of(new FileRange(0, 5), new FileRange(90, 5)), got.elements);
    assertNotNull(got.failure);
    assertEquals(Errno.EMSGSIZE, got.failure.errno());
    bench.value(index.close());
  }

  @Test
  void whoCancelsOrStopsGivesRequestsAndPartsBack() {
    List<FileRange> ranges = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      ranges.add(far(i));
    }
    AsyncFile index = index(ranges);
    for (int count = 1; count <= 20; count++) {
      var taker =
          Collected.some(
              bench.executor,
              file.parts(lines(index), PartSourcesTest::parse, MergeOptions.defaults()),
              count,
              PartSourcesTest::take);
      boolean stops = count % 2 == 0;
      taker.tell(stops ? Collected.STOP : Collected.CANCEL);
      Systems.awaitUntil(() -> bench.lent() == 0);
      if (!stops) {
        taker.tell(Collected.STOP);
      }
    }
    bench.value(index.close());
  }

  @Test
  void aStreamOfAnotherExecutorIsRefused() {
    try (ActorSystem other = Systems.open(driver, 1)) {
      CompletableFuture<IoStream<Long>> given = new CompletableFuture<>();
      Systems.inTurn(
          other.executors().get(0),
          context -> given.complete(context.io().ticks(Duration.ofHours(1))));
      IoStream<Long> ticks = Systems.get(given);
      assertThrows(
          IllegalArgumentException.class,
          () -> file.parts(ticks, tick -> new FileRange(tick, 1), APART));
    }
  }
}
