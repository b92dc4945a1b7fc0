package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files written in order, behind the back of who writes. */
@OnBothDrivers
final class OutputTest {
  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;

  OutputTest(String driver) {
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

  private AsyncFile create(String name) {
    return bench.open(
        bench.path(name),
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  /** A device that takes no byte. */
  private AsyncFile full() {
    return bench.open(Path.of("/dev/full"), StandardOpenOption.WRITE);
  }

  private static OutputOptions randomOptions(Random random) {
    return OutputOptions.defaults()
        .withBufferBytes(1 + random.nextInt(5_000))
        .withMaxBehind(1 + random.nextInt(20_000))
        .withConcurrency(1 + random.nextInt(6));
  }

  @Test
  void whatIsWrittenInPiecesOfAnySizeIsTheFile() throws IOException {
    Random random = FileWorkbench.random("whatIsWrittenInPiecesOfAnySizeIsTheFile");
    for (int round = 0; round < 10; round++) {
      AsyncFile file = create("data" + round);
      int from = random.nextInt(3) * 100;
      OutputOptions options = randomOptions(random).withFrom(from);
      FileOutput output = file.output(options);
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      expected.writeBytes(new byte[from]);
      List<CompletionStage<?>> stages = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        byte[] piece = FileWorkbench.bytes(random, random.nextInt(i % 20 == 0 ? 20_000 : 300));
        expected.writeBytes(piece);
        IoOp<?> op = random.nextBoolean() ? output.write(piece) : output.write(bench.buffer(piece));
        stages.add(op.toCompletionStage());
        if (random.nextInt(50) == 0) {
          stages.add(output.sync().toCompletionStage());
        }
      }
      long end = bench.value(output.close());
      stages.forEach(Systems::get);
      assertEquals(expected.size(), end);
      assertArrayEquals(expected.toByteArray(), Files.readAllBytes(file.path()));
    }
  }

  /** While one write is on its way, those that come are gathered. */
  @Test
  void smallWritesAreGathered() throws IOException {
    AsyncFile file = create("log");
    FileOutput output = file.output();
    long before = bench.submitted();
    int count = 10_000;
    bench.inTurn(
        io -> {
          for (int i = 0; i < count; i++) {
            output.write("line\n".getBytes(US_ASCII)).toCompletionStage();
          }
          return count;
        });
    bench.value(output.close());
    assertEquals("line\n".repeat(count), Files.readString(file.path()));
    long submitted = bench.submitted() - before;
    assertTrue(submitted < 10, submitted + " requests");
  }

  @Test
  void aWriteWaitsWhileTooMuchIsBehind() throws IOException {
    AsyncFile file = create("data");
    FileOutput output =
        file.output(OutputOptions.defaults().withBufferBytes(1000).withMaxBehind(3000));
    byte[] data = FileWorkbench.bytes(new Random(5), 1000);
    List<CompletionStage<Void>> writes = new ArrayList<>();
    // Nothing completes within a turn, so all but the first three wait.
    int accepted =
        bench.inTurn(
            io -> {
              for (int i = 0; i < 10; i++) {
                writes.add(output.write(data).toCompletionStage());
              }
              assertEquals(3000, output.position());
              assertEquals(0, output.writtenPosition());
              return (int) (output.position() / 1000);
            });
    assertEquals(3, accepted);
    writes.forEach(Systems::get);
    assertEquals(10_000, bench.value(output.sync()));
    bench.inTurn(
        io -> {
          assertEquals(10_000, output.writtenPosition());
          return 0;
        });
    assertEquals(10_000, bench.value(output.close()));
    assertEquals(10_000, Files.size(file.path()));
  }

  @Test
  void positionsAreForTheExecutor() {
    FileOutput output = create("data").output();
    assertThrows(IllegalStateException.class, output::position);
    assertThrows(IllegalStateException.class, output::writtenPosition);
    assertEquals(0L, bench.value(output.close()));
  }

  @Test
  void aWriteThatIsCancelledWhileItWaitsLeavesNoHole() throws IOException {
    AsyncFile file = create("data");
    FileOutput output =
        file.output(OutputOptions.defaults().withBufferBytes(100).withMaxBehind(100));
    List<CompletionStage<?>> kept = new ArrayList<>();
    bench.inTurn(
        io -> {
          kept.add(output.write("a".repeat(100).getBytes(US_ASCII)).toCompletionStage());
          IoOp<Void> unwanted = output.write(io.buffer(200).write(new byte[200]));
          CompletionStage<Void> cancelled = unwanted.toCompletionStage();
          kept.add(output.write("b".repeat(50).getBytes(US_ASCII)).toCompletionStage());
          output.write(io.buffer(10).write(new byte[7])).cancel();
          unwanted.cancel();
          IoOp<Long> sync = output.sync();
          CompletionStage<Long> cancelledSync = sync.toCompletionStage();
          sync.cancel();
          kept.add(cancelled.handle((none, failure) -> failure));
          kept.add(cancelledSync.handle((none, failure) -> failure));
          return 0;
        });
    assertEquals(150L, bench.value(output.close()));
    assertEquals("a".repeat(100) + "b".repeat(50), Files.readString(file.path()));
    assertTrue(((IoException) Systems.get(kept.get(2))).isCancelled());
    assertTrue(((IoException) Systems.get(kept.get(3))).isCancelled());
  }

  @Test
  void theFirstFailureStaysAndIsToldToAll() {
    FileOutput output =
        full().output(OutputOptions.defaults().withBufferBytes(100).withMaxBehind(1000));
    List<CompletionStage<Void>> writes = new ArrayList<>();
    bench.inTurn(
        io -> {
          for (int i = 0; i < 100; i++) {
            writes.add(output.write(io.buffer(200).write(new byte[200])).toCompletionStage());
          }
          return 0;
        });
    int told = 0;
    for (CompletionStage<Void> write : writes) {
      if (Systems.get(write.handle((none, failure) -> failure)) != null) {
        told++;
      }
    }
    assertEquals(95, told, "all but the five that were accepted");
    IoException sync = bench.failure(output.sync());
    IoException write = bench.failure(output.write(new byte[1]));
    IoException close = bench.failure(output.close());
    for (IoException failure : List.of(sync, write, close)) {
      assertEquals(Errno.ENOSPC, failure.errno());
      assertEquals("/dev/full", failure.subject());
      assertSame(sync.getCause(), failure.getCause());
    }
    // It is closed all the same.
    assertEquals(Errno.EBADF, bench.failure(output.file().size()).errno());
  }

  @Test
  void syncsThatWaitTogetherShareOne() {
    AsyncFile file = create("data");
    FileOutput output = file.output();
    long before = bench.submitted();
    List<CompletionStage<Long>> syncs = new ArrayList<>();
    bench.inTurn(
        io -> {
          for (int i = 0; i < 50; i++) {
            output.write(new byte[10]).toCompletionStage();
            syncs.add(output.sync().toCompletionStage());
          }
          return 0;
        });
    for (int i = 0; i < 50; i++) {
      long durable = Systems.get(syncs.get(i));
      assertTrue(durable >= (i + 1) * 10L, "sync " + i + ": " + durable);
    }
    long submitted = bench.submitted() - before;
    assertTrue(submitted <= 50 + 20, submitted + " requests");
    assertEquals(500L, bench.value(output.close()));
  }

  @Test
  void closeWaitsForWhatWasStartedAndRefusesTheRest() throws IOException {
    AsyncFile file = create("data");
    FileOutput output = file.output(OutputOptions.defaults().withBufferBytes(10).withMaxBehind(10));
    List<CompletionStage<?>> stages = new ArrayList<>();
    bench.inTurn(
        io -> {
          for (int i = 0; i < 20; i++) {
            stages.add(output.write(new byte[10]).toCompletionStage());
          }
          IoOp<Long> cancelled = output.close();
          CompletionStage<Long> first = cancelled.toCompletionStage();
          stages.add(output.close().toCompletionStage());
          stages.add(
              output.write(new byte[1]).toCompletionStage().handle((none, failure) -> failure));
          cancelled.cancel();
          stages.add(first.handle((none, failure) -> failure));
          return 0;
        });
    stages.forEach(Systems::get);
    assertEquals(200L, Systems.get(stages.get(20)));
    assertEquals(Errno.EBADF, ((IoException) Systems.get(stages.get(21))).errno());
    assertTrue(((IoException) Systems.get(stages.get(22))).isCancelled());
    assertEquals(200L, bench.value(output.close()));
    assertEquals(200, Files.size(file.path()));
  }

  /** Reads what has been written through the same file before it is closed. */
  @Test
  void whatIsSyncedCanBeRead() {
    AsyncFile file = create("data");
    FileOutput output = file.output(OutputOptions.defaults().withoutSyncOnClose());
    byte[] data = FileWorkbench.bytes(new Random(6), 300_000);
    bench.value(output.write(data));
    bench.value(output.sync());
    assertArrayEquals(data, FileWorkbench.take(bench.value(file.read(0, data.length + 1))));
    bench.value(output.close());
  }

  @Test
  void aBufferThatWasReleasedIsRefusedAndHurtsNobodyElse() {
    FileOutput output = create("data").output();
    var buffer = bench.buffer(new byte[10]);
    buffer.release();
    assertEquals(Errno.EINVAL, bench.failure(output.write(buffer)).errno());
    bench.value(output.write(new byte[5]));
    assertEquals(5L, bench.value(output.close()));
  }

  /** The actor is told to stop by its first message, with writes accepted and others waiting. */
  @Test
  void whatAnActorHasWrittenIsWrittenWhenItStops() {
    for (int round = 0; round < 10; round++) {
      FileOutput output =
          create("data" + round)
              .output(OutputOptions.defaults().withBufferBytes(1000).withMaxBehind(5000));
      AtomicInteger accepted = new AtomicInteger();
      CompletableFuture<Void> stopped = new CompletableFuture<>();
      bench.executor.spawn(() -> new Writer(output, accepted, stopped), ActorOptions.defaults());
      Systems.get(stopped);
      assertTrue(accepted.get() > 0);
      long end = bench.value(output.close());
      assertTrue(end >= accepted.get() * 1000L, end + " bytes");
      assertEquals(0, end % 1000);
    }
  }

  private static final class Writer implements Actor<Object> {
    private final FileOutput output;
    private final AtomicInteger accepted;
    private final CompletableFuture<Void> stopped;

    Writer(FileOutput output, AtomicInteger accepted, CompletableFuture<Void> stopped) {
      this.output = output;
      this.accepted = accepted;
      this.stopped = stopped;
    }

    @Override
    public void postStop(ActorContext<Object> context) {
      stopped.complete(null);
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      for (int i = 0; i < 30; i++) {
        context.pipe(
            output.write(context.io().buffer(1000).write(new byte[1000])),
            (none, failure) -> failure == null ? "accepted" : failure);
      }
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message.equals("accepted")) {
        accepted.incrementAndGet();
      }
      context.stop();
    }
  }

  /** All memory is out, and what waits behind a write has it: the write does not wait for that. */
  @Test
  void writesDoNotWaitForMemoryThatWaitsForThem() throws IOException {
    var pool = Systems.pool(driver, 1).withBufferMemory(1 << 20);
    try (FileWorkbench tight = new FileWorkbench(pool, folder)) {
      Path path = tight.path("tight");
      FileOutput output =
          tight.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).output();
      IoBuffer all = tight.inTurn(io -> io.buffer(1 << 20).write(new byte[500_000]));
      List<CompletionStage<Void>> writes = new ArrayList<>();
      tight.inTurn(
          io -> {
            writes.add(output.write("first".getBytes(US_ASCII)).toCompletionStage());
            writes.add(output.write(all.slice(0, 100)).toCompletionStage());
            writes.add(output.write("last".getBytes(US_ASCII)).toCompletionStage());
            return 0;
          });
      writes.forEach(Systems::get);
      all.release();
      assertEquals(109L, tight.value(output.close()));
      assertEquals("first" + "\0".repeat(100) + "last", Files.readString(path));
    }
  }

  @Test
  void aFileThatIsAppendedToHasNoOutput() {
    AsyncFile file =
        bench.open(
            bench.path("log"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND);
    String message = assertThrows(IllegalStateException.class, file::output).getMessage();
    assertTrue(message.contains("APPEND"), message);
    bench.value(file.close());
  }

  @Test
  void aFileThatIsOpenedDirectHasNoOutput() {
    AsyncFile file = bench.open("direct", new byte[0], true);
    String message = assertThrows(IllegalStateException.class, file::output).getMessage();
    assertTrue(message.startsWith(bench.path("direct").toString()), message);
    assertTrue(message.contains("open the file without DIRECT"), message);
    bench.value(file.close());
  }

  @Test
  void aSystemThatClosesTellsWhoWaits() {
    FileOutput output =
        create("data").output(OutputOptions.defaults().withBufferBytes(10).withMaxBehind(10));
    List<CompletionStage<?>> stages = new ArrayList<>();
    bench.inTurn(
        io -> {
          for (int i = 0; i < 100; i++) {
            stages.add(output.write(new byte[10]).toCompletionStage());
          }
          stages.add(output.sync().toCompletionStage());
          stages.add(output.close().toCompletionStage());
          return 0;
        });
    bench.system.close();
    for (CompletionStage<?> stage : stages) {
      Object outcome = Systems.get(stage.handle((value, failure) -> failure == null ? 0 : failure));
      assertTrue(outcome.equals(0) || outcome instanceof IoException, outcome.toString());
    }
  }

  @Test
  void aTimeoutEndsAWriteThatWaits() throws Exception {
    Path pipe = bench.path("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assumeTrue(driver.equals("uring"), "FileChannel writes at positions, which a pipe has not");
    // Nobody reads the pipe, so what it does not hold waits.
    AsyncFile file = bench.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileOutput output = file.output(OutputOptions.defaults().withMaxBehind(1).withoutSyncOnClose());
    bench.value(output.write(new byte[1 << 20]));
    IoOp<Void> waits = output.write(new byte[1]).timeout(Duration.ofMillis(10));
    assertEquals(Errno.ETIMEDOUT, bench.failure(waits).errno());
    CompletionStage<Long> closed = output.close().toCompletionStage();
    bench.system.close();
    assertThrows(CompletionException.class, () -> Systems.get(closed));
  }
}
