package dev.ringlet.benchmarks.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.reactive.Publishers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What a chunk of 64 KiB of a file costs, and a line of 64 bytes, in nanoseconds; the file is in
 * the page cache. The peers are plain reading, and publishers as Spring's {@code DataBufferUtils}
 * makes them: a buffer of the heap for each chunk, read by a channel that blocks or by one that
 * calls back.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FileBenchmark {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int CHUNKS = 1_024;
  private static final int LINE_BYTES = 64;
  private static final int LINES = CHUNKS * (CHUNK_BYTES / LINE_BYTES);
  private static final int BATCH = 16;

  /** The driver under our executor; it does not matter to the others. */
  @Param({"uring"})
  public String driver = "uring";

  private Path path;
  private ActorSystem system;
  private Io io;
  private AsyncFile file;
  private Scheduler thread;

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by setUp
  public FileBenchmark() {}

  /** A file of lines, opened by us. */
  @Setup
  public void setUp() throws IOException {
    path = Files.createTempFile("chunks", ".txt");
    String line = "x".repeat(LINE_BYTES - 1);
    Files.write(path, Collections.nCopies(LINES, line));
    system = ActorSystem.create("benchmark", ExecutorPool.of(1).withDriver(driver));
    CompletableFuture<Io> given = new CompletableFuture<>();
    system.spawn(() -> new IoGiver(given), ActorOptions.defaults());
    io = given.orTimeout(1, TimeUnit.MINUTES).join();
    file = io.open(path).toCompletionStage().toCompletableFuture().join();
    thread = Schedulers.newSingle("reader", true);
  }

  /** Ends the threads. */
  @TearDown
  public void tearDown() throws IOException {
    system.close();
    thread.dispose();
    Files.delete(path);
  }

  /** Our publisher. */
  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public long chunks() {
    ChunkOptions options = ChunkOptions.defaults().withChunkBytes(CHUNK_BYTES);
    return Counter.drain(
        Publishers.from(file.chunks(options)),
        new Counter<>(BATCH) {
          @Override
          void take(IoBuffer buffer) {
            buffer.release();
          }
        });
  }

  /** A channel that blocks, behind a generator, on a thread. */
  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public long chunksOfAGenerator() {
    return Counter.drain(
        FilePublishers.generated(path, CHUNK_BYTES).subscribeOn(thread), new Counter<>(BATCH));
  }

  /** A channel that calls back. */
  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public long chunksOfAnAsynchronousChannel() {
    return Counter.drain(FilePublishers.asynchronous(path, CHUNK_BYTES), new Counter<>(BATCH));
  }

  /** No publisher: one buffer, read again and again. */
  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public long chunksOfAChannel() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long count = 0;
    try (FileChannel channel = FileChannel.open(path)) {
      while (channel.read(buffer.clear()) > 0) {
        count++;
      }
    }
    return count;
  }

  /** Our publisher. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public long lines() {
    return Counter.drain(Publishers.from(io.lines(file.chunks())), new Counter<>(256));
  }

  /** The JDK's reader, on a thread. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public long linesOfAReader() {
    return Counter.drain(FilePublishers.lines(path).subscribeOn(thread), new Counter<>(256));
  }

  private static final class IoGiver implements Actor<Void> {
    private final CompletableFuture<Io> given;

    IoGiver(CompletableFuture<Io> given) {
      this.given = given;
    }

    @Override
    public void preStart(ActorContext<Void> context) {
      given.complete(context.io());
      context.stop();
    }

    @Override
    public void receive(Void message, ActorContext<Void> context) {
      throw new AssertionError("it takes no messages");
    }
  }
}
