package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.Framing;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.MergeOptions;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was read ahead gives way when others wait for memory. */
@OnBothDrivers
final class ReadAheadTest {
  private static final int LIMIT = 1 << 20;
  private static final int CHUNK = 64 * 1024;

  /** More than the memory holds. */
  private static final ChunkOptions FAR_AHEAD =
      ChunkOptions.defaults().withChunkBytes(CHUNK).withReadAhead(64);

  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;
  private byte[] first;
  private byte[] second;

  ReadAheadTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    bench = new FileWorkbench(Systems.pool(driver, 1).withBufferMemory(LIMIT), folder);
    Random random = FileWorkbench.random("ReadAheadTest");
    first = FileWorkbench.bytes(random, 2_600_000);
    second = FileWorkbench.bytes(random, 2_300_000);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private record Element(int stream, Object value) {}

  private record End(int stream, @Nullable IoException failure) {}

  /**
   * Asks one stream after the other for one element, and gives what it has of the one back when it
   * has one of the other, as who merges sorted files does.
   */
  private static final class Merger<T> implements Actor<Object> {
    private final List<IoStream<T>> streams;
    private final Function<T, IoBuffer> buffer;
    private final List<ByteArrayOutputStream> got = new ArrayList<>();
    private final CompletableFuture<List<ByteArrayOutputStream>> outcome;
    private final List<IoSubscription> subscriptions = new ArrayList<>();
    private final boolean[] ended;
    private @Nullable IoBuffer held;

    Merger(
        List<IoStream<T>> streams,
        Function<T, IoBuffer> buffer,
        CompletableFuture<List<ByteArrayOutputStream>> outcome) {
      this.streams = streams;
      this.buffer = buffer;
      this.outcome = outcome;
      this.ended = new boolean[streams.size()];
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      for (int i = 0; i < streams.size(); i++) {
        int number = i;
        got.add(new ByteArrayOutputStream());
        subscriptions.add(
            context.subscribe(
                streams.get(i),
                value -> new Element(number, value),
                failure -> new End(number, failure),
                0));
      }
      subscriptions.get(0).request(1);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Element element) {
        @SuppressWarnings("unchecked") // of these streams
        IoBuffer bytes = buffer.apply((T) element.value());
        got.get(element.stream()).writeBytes(bytes.readAll());
        hold(bytes);
        askNext(element.stream());
      } else if (message instanceof End end) {
        assertNull(end.failure());
        ended[end.stream()] = true;
        askNext(end.stream());
      }
    }

    private void hold(@Nullable IoBuffer bytes) {
      if (held != null) {
        held.release();
      }
      held = bytes;
    }

    private void askNext(int after) {
      for (int i = 1; i <= ended.length; i++) {
        int next = (after + i) % ended.length;
        if (!ended[next]) {
          subscriptions.get(next).request(1);
          return;
        }
      }
      hold(null);
      outcome.complete(got);
    }
  }

  private <T> void assertMerged(
      List<byte[]> contents, List<IoStream<T>> streams, Function<T, IoBuffer> buffer) {
    CompletableFuture<List<ByteArrayOutputStream>> outcome = new CompletableFuture<>();
    bench.executor.spawn(() -> new Merger<>(streams, buffer, outcome), ActorOptions.defaults());
    List<ByteArrayOutputStream> got = Systems.get(outcome);
    for (int i = 0; i < contents.size(); i++) {
      assertArrayEquals(contents.get(i), got.get(i).toByteArray());
    }
  }

  @Test
  void chunksOfTwoFilesAreMerged() {
    AsyncFile one = bench.open("one", first);
    AsyncFile other = bench.open("other", second);
    assertMerged(
        List.of(first, second),
        List.of(one.chunks(FAR_AHEAD), other.chunks(FAR_AHEAD)),
        chunk -> chunk);
    bench.value(one.close());
    bench.value(other.close());
  }

  /** Each read takes half of the memory, and brings more than is wanted. */
  @Test
  void partsOfThreeFilesAreMerged() {
    List<byte[]> contents = List.of(first, second, first);
    MergeOptions options = MergeOptions.defaults().withMaxMerged(LIMIT / 2).withConcurrency(8);
    List<AsyncFile> files = new ArrayList<>();
    List<IoStream<FilePart>> streams = new ArrayList<>();
    for (byte[] content : contents) {
      AsyncFile file = bench.open("file" + files.size(), content);
      files.add(file);
      streams.add(file.parts(pieces(content.length), options));
    }
    assertMerged(contents, streams, FilePart::buffer);
    files.forEach(file -> bench.value(file.close()));
  }

  private static List<FileRange> pieces(int length) {
    List<FileRange> ranges = new ArrayList<>();
    for (int i = 0; i < length; i += CHUNK / 2) {
      ranges.add(new FileRange(i, Math.min(CHUNK / 2, length - i)));
    }
    return ranges;
  }

  @Test
  void framesOfTwoFilesAreMerged() {
    AsyncFile one = bench.open("one", first);
    AsyncFile other = bench.open("other", second);
    Framing pieces = Framing.fixed(1000);
    assertMerged(
        List.of(first, second),
        List.of(
            bench.io.frames(one.chunks(FAR_AHEAD), pieces),
            bench.io.frames(other.chunks(FAR_AHEAD), pieces)),
        frame -> frame);
    bench.value(one.close());
    bench.value(other.close());
  }

  /** They hold a chunk each, which does not give way, and one more is kept by the last frame. */
  @Test
  void framesOfAsManyFilesAsThereAreChunksInTheMemoryAreMerged() {
    List<AsyncFile> files = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    List<IoStream<IoBuffer>> streams = new ArrayList<>();
    for (int i = 0; i < LIMIT / CHUNK - 1; i++) {
      AsyncFile file = bench.open("file" + i, second);
      files.add(file);
      contents.add(second);
      streams.add(bench.io.frames(file.chunks(FAR_AHEAD), Framing.fixed(10_000)));
    }
    assertMerged(contents, streams, frame -> frame);
    files.forEach(file -> bench.value(file.close()));
  }

  /** Takes all chunks of a file; after the first it awaits an operation. */
  private static final class Awaiting implements Actor<Object> {
    private final IoStream<IoBuffer> chunks;
    private final IoOp<?> operation;
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private final CompletableFuture<Void> awaits;
    private final CompletableFuture<byte[]> outcome;

    Awaiting(
        IoStream<IoBuffer> chunks,
        IoOp<?> operation,
        CompletableFuture<Void> awaits,
        CompletableFuture<byte[]> outcome) {
      this.chunks = chunks;
      this.operation = operation;
      this.awaits = awaits;
      this.outcome = outcome;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      context.subscribe(chunks, chunk -> chunk, failure -> "end", Long.MAX_VALUE);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof IoBuffer chunk) {
        got.writeBytes(FileWorkbench.take(chunk));
        if (!awaits.isDone()) {
          awaits.complete(null);
          context.await(operation, (value, failure) -> giveBack(value));
        }
      } else {
        outcome.complete(got.toByteArray());
      }
    }

    private static void giveBack(@Nullable Object value) {
      if (value instanceof IoBuffer buffer) {
        buffer.release();
      }
    }
  }

  /** All its memory is needed for what it awaits. */
  @Test
  void anActorThatAwaitsMemoryGivesUpWhatItHasNotTaken() {
    AsyncFile file = bench.open("one", first);
    CompletableFuture<byte[]> outcome = new CompletableFuture<>();
    bench.executor.spawn(
        () ->
            new Awaiting(
                file.chunks(FAR_AHEAD),
                bench.io.bufferWhenFree(LIMIT),
                new CompletableFuture<>(),
                outcome),
        ActorOptions.defaults());
    assertArrayEquals(first, Systems.get(outcome));
    bench.value(file.close());
  }

  @Test
  void anActorThatAwaitsSomethingElseKeepsNoMemoryThatOthersWaitFor() {
    AsyncFile file = bench.open("one", first);
    IoOp<Void> delay = bench.io.delay(Duration.ofDays(1));
    CompletableFuture<Void> awaits = new CompletableFuture<>();
    CompletableFuture<byte[]> outcome = new CompletableFuture<>();
    bench.executor.spawn(
        () -> new Awaiting(file.chunks(FAR_AHEAD), delay, awaits, outcome),
        ActorOptions.defaults());
    Systems.get(awaits);
    bench.value(bench.io.bufferWhenFree(LIMIT)).release();
    delay.cancel();
    assertArrayEquals(first, Systems.get(outcome));
    bench.value(file.close());
  }

  /** Somebody waits for memory before the actor awaits what that one will do. */
  @Test
  void memoryThatOthersWaitForIsGivenUpWhenAnActorBeginsToAwait() {
    AsyncFile file = bench.open("one", first);
    IoOp<Void> delay = bench.io.delay(Duration.ofDays(1));
    CompletableFuture<byte[]> outcome = new CompletableFuture<>();
    CompletableFuture<CompletionStage<IoBuffer>> waiting = new CompletableFuture<>();
    IoStream<IoBuffer> chunks = file.chunks(FAR_AHEAD);
    bench.executor.spawn(
        () ->
            new Actor<IoBuffer>() {
              private final ByteArrayOutputStream got = new ByteArrayOutputStream();

              @Override
              public void preStart(ActorContext<IoBuffer> context) {
                context.subscribe(chunks, chunk -> chunk, Long.MAX_VALUE);
              }

              @Override
              public void receive(IoBuffer chunk, ActorContext<IoBuffer> context) {
                got.writeBytes(FileWorkbench.take(chunk));
                if (!waiting.isDone()) {
                  waiting.complete(context.io().bufferWhenFree(LIMIT).toCompletionStage());
                  context.await(delay, (nothing, failure) -> {});
                } else if (got.size() == first.length) {
                  outcome.complete(got.toByteArray());
                }
              }
            },
        ActorOptions.defaults());
    Systems.get(Systems.get(waiting)).release();
    delay.cancel();
    assertArrayEquals(first, Systems.get(outcome));
    bench.value(file.close());
  }

  /**
   * All memory is taken when a stream is begun in the turn that awaits, and asked for by somebody
   * else, who must not wait for the actor.
   */
  private <T> void assertNothingIsReadWhileItAwaits(
      IoOp<Void> delay,
      Function<ActorContext<Object>, IoStream<T>> subscriber,
      Function<T, IoBuffer> buffer) {
    IoBuffer whole = bench.inTurn(buffers -> buffers.buffer(LIMIT));
    CompletableFuture<CompletionStage<IoBuffer>> waiting = new CompletableFuture<>();
    CompletableFuture<byte[]> outcome = new CompletableFuture<>();
    bench.executor.spawn(
        () ->
            new Actor<Object>() {
              private final ByteArrayOutputStream got = new ByteArrayOutputStream();

              @Override
              public void preStart(ActorContext<Object> context) {
                IoStream<T> stream = subscriber.apply(context);
                context.subscribe(stream, value -> value, failure -> "end", Long.MAX_VALUE);
                waiting.complete(context.io().bufferWhenFree(LIMIT).toCompletionStage());
              }

              @Override
              public void receive(Object message, ActorContext<Object> context) {
                if (message.equals("end")) {
                  outcome.complete(got.toByteArray());
                  return;
                }
                @SuppressWarnings("unchecked") // of this stream
                T element = (T) message;
                got.writeBytes(FileWorkbench.take(buffer.apply(element)));
              }
            },
        ActorOptions.defaults());
    CompletionStage<IoBuffer> other = Systems.get(waiting);
    whole.release();
    Systems.get(other).release();
    delay.cancel();
    assertArrayEquals(first, Systems.get(outcome));
  }

  @Test
  void chunksAreNotReadBeforeTheActorGoesOn() {
    AsyncFile file = bench.open("one", first);
    IoOp<Void> delay = bench.io.delay(Duration.ofDays(1));
    assertNothingIsReadWhileItAwaits(
        delay,
        context -> {
          context.await(delay, (nothing, failure) -> {});
          return file.chunks(FAR_AHEAD);
        },
        chunk -> chunk);
    bench.value(file.close());
  }

  @Test
  void partsAreNotReadBeforeTheActorGoesOn() {
    AsyncFile file = bench.open("one", first);
    IoOp<Void> delay = bench.io.delay(Duration.ofDays(1));
    assertNothingIsReadWhileItAwaits(
        delay,
        context -> {
          context.await(delay, (nothing, failure) -> {});
          return file.parts(pieces(first.length), MergeOptions.defaults());
        },
        FilePart::buffer);
    bench.value(file.close());
  }

  /** It is the user's, and runs where parts are asked for. */
  @Test
  void partsAreNotReadWhenTheIteratorMakesTheActorAwait() {
    AsyncFile file = bench.open("one", first);
    IoOp<Void> delay = bench.io.delay(Duration.ofDays(1));
    assertNothingIsReadWhileItAwaits(
        delay,
        context ->
            file.parts(
                () -> {
                  Iterator<FileRange> ranges = pieces(first.length).iterator();
                  return awaitingAtSecond(ranges, context, delay);
                },
                MergeOptions.defaults()),
        FilePart::buffer);
    bench.value(file.close());
  }

  private static Iterator<FileRange> awaitingAtSecond(
      Iterator<FileRange> ranges, ActorContext<Object> context, IoOp<Void> delay) {
    return new Iterator<>() {
      private int asked;

      @Override
      public boolean hasNext() {
        return ranges.hasNext();
      }

      @Override
      public FileRange next() {
        if (++asked == 2) {
          context.await(delay, (nothing, failure) -> {});
        }
        return ranges.next();
      }
    };
  }

  /** Whoever makes room may cancel the one that it is made for. */
  @Test
  void anOperationThatIsCancelledWhileRoomIsMadeLeavesTheLine() {
    IoBuffer whole = bench.inTurn(buffers -> buffers.buffer(LIMIT));
    IoOp<IoBuffer> op = bench.io.bufferWhenFree(1);
    CompletionStage<IoBuffer> outcome =
        bench.inTurn(
            buffers -> {
              ReadAheads ahead = ((CoreExecutor) bench.executor).buffers().readAheads();
              ReadAhead canceller =
                  new ReadAhead() {
                    @Override
                    void giveUp() {
                      ahead.remove(this);
                      op.cancel();
                    }
                  };
              ahead.add(canceller);
              return op.toCompletionStage();
            });
    CompletionException thrown =
        assertThrows(CompletionException.class, () -> Systems.get(outcome));
    assertEquals(Errno.ECANCELED, ((IoException) thrown.getCause()).errno());
    assertEquals(0, bench.executor.stats().bufferWaits());
    whole.release();
  }

  @Test
  void whatNobodyWantsMoreOfMakesRoomAtOnceWhereItCan() {
    AsyncFile file = bench.open("one", first);
    IoStream<IoBuffer> chunks = file.chunks(FAR_AHEAD.withReadAhead(8));
    var taker = Collected.some(bench.executor, chunks, 12, FileWorkbench::take);
    Systems.awaitUntil(() -> bench.executor.stats().io().inFlight() == 0);
    assertTrue(bench.lent() > 0);
    IoBuffer whole = bench.inTurn(buffers -> buffers.buffer(LIMIT));
    assertEquals(1, bench.lent());
    whole.release();
    taker.tell(Collected.STOP);
    bench.value(file.close());
  }
}
