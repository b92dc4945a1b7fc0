package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.StreamOutput;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What is written to connections and pipes, on any driver. */
abstract class ToOutputContract {
  /** What the kernel keeps of a pipe that nobody reads. */
  private static final int PIPE_BYTES = 64 * 1024;

  private final String driver;
  private final List<byte[]> givenBack = new CopyOnWriteArrayList<>();
  private TestSystem system;

  ToOutputContract(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = TestSystem.open(driver);
  }

  /** Whatever a test does, no actor lives on and no buffer is out. */
  @AfterEach
  void close() {
    if (system != null) {
      system.awaitQuiescence();
      TestSystem.awaitUntil(() -> system.executor().stats().buffersLent() == 0);
      system.close();
    }
  }

  @Test
  void arraysArriveInOrder() throws IOException {
    List<byte[]> pieces = pieces(3_000, 1_500);
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<byte[]> output =
          Subscribers.toOutput(
              system.executor(),
              wire.stream(),
              WriteOptions.arrays().withEnd(WriteOptions.End.SHUT_DOWN));
      Flux.fromIterable(pieces).publishOn(Schedulers.parallel()).subscribe(output);
      byte[] all = joined(pieces);
      assertArrayEquals(all, wire.readAll());
      assertEquals(all.length, await(output.result()));
    }
  }

  @Test
  void byteBuffersArriveAndStayAsTheyAre() throws IOException {
    List<ByteBuffer> pieces = pieces(50, 200).stream().map(ByteBuffer::wrap).toList();
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<ByteBuffer> output =
          Subscribers.toOutput(system.executor(), wire.stream(), WriteOptions.byteBuffers());
      Flux.fromIterable(pieces).subscribe(output);
      byte[] all = joined(pieces(50, 200));
      assertArrayEquals(all, wire.read(all.length));
      assertEquals(all.length, await(output.result()));
      pieces.forEach(piece -> assertEquals(0, piece.position()));
    }
  }

  /** Several buffers go in one send, large ones alone. */
  @Test
  void buffersArriveInOrder() throws IOException {
    List<byte[]> pieces = new ArrayList<>(pieces(500, 400));
    pieces.addAll(pieces(3, 900_000));
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<IoBuffer> output = Subscribers.toOutput(system.executor(), wire.stream());
      Flux.fromIterable(pieces).concatMap(this::buffer).subscribe(output);
      byte[] all = joined(pieces);
      assertArrayEquals(all, wire.read(all.length));
      assertEquals(all.length, await(output.result()));
    }
  }

  private Mono<IoBuffer> buffer(byte[] piece) {
    return Mono.fromCompletionStage(
            system.io().bufferWhenFree(Math.max(1, piece.length)).toCompletionStage())
        .map(buffer -> buffer.write(piece));
  }

  @Test
  void connectionStaysOpenForTheNext() throws IOException {
    try (Wire wire = Wire.connect(system.io())) {
      for (int round = 0; round < 3; round++) {
        OutputSubscriber<byte[]> output = arraysTo(wire);
        Flux.just(new byte[] {1}, new byte[] {2, 3}).subscribe(output);
        assertEquals(3, await(output.result()));
        assertArrayEquals(new byte[] {1, 2, 3}, wire.read(3));
      }
    }
  }

  @Test
  void shutDownEndsTheOutputOnly() throws IOException {
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<byte[]> output = arraysTo(wire, WriteOptions.End.SHUT_DOWN);
      Flux.just(new byte[] {1}).subscribe(output);
      assertArrayEquals(new byte[] {1}, wire.readAll());
      wire.peer().getOutputStream().write(7);
      assertEquals(
          (byte) 7,
          Flux.from(Publishers.from(wire.stream().receive()))
              .map(ToOutputContract::firstByte)
              .blockFirst(TestSystem.PATIENCE));
      assertEquals(1, await(output.result()));
    }
  }

  private static byte firstByte(IoBuffer buffer) {
    byte first = buffer.get(buffer.readerIndex());
    buffer.release();
    return first;
  }

  @Test
  void closeEndsTheConnectionAfterTheLastByte() throws IOException {
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<byte[]> output = arraysTo(wire, WriteOptions.End.CLOSE);
      Flux.fromIterable(pieces(100, 5_000)).subscribe(output);
      byte[] all = joined(pieces(100, 5_000));
      assertArrayEquals(all, wire.readAll());
      assertEquals(all.length, await(output.result()));
      assertThrows(
          CompletionException.class,
          () -> TestSystem.get(wire.stream().send(TestSystem.get(system.io().bufferWhenFree(1)))));
    }
  }

  @Test
  void failureOfTheUpstreamComesBehindItsElementsAndEndsNothing() throws IOException {
    RuntimeException failure = new RuntimeException("made by the test");
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<byte[]> output = arraysTo(wire, WriteOptions.End.SHUT_DOWN);
      Flux.just(new byte[] {1}, new byte[] {2}).concatWith(Flux.error(failure)).subscribe(output);
      assertSame(failure, failureOf(output.result()));
      OutputSubscriber<byte[]> next = arraysTo(wire);
      Flux.just(new byte[] {3}).subscribe(next);
      assertArrayEquals(new byte[] {1, 2, 3}, wire.read(3));
      assertEquals(1, await(next.result()));
    }
  }

  @Test
  void failureOfTheUpstreamResetsAConnectionThatIsToBeClosed() throws IOException {
    RuntimeException failure = new RuntimeException("made by the test");
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<byte[]> output = arraysTo(wire, WriteOptions.End.CLOSE);
      Flux.just(new byte[] {1}).concatWith(Flux.error(failure)).subscribe(output);
      assertSame(failure, failureOf(output.result()));
      assertTrue(wire.isReset());
    }
  }

  @Test
  void peerThatGoesAwayCancelsTheUpstream() throws IOException {
    try (Wire wire = Wire.connect(system.io())) {
      CompletableFuture<Void> cancelled = new CompletableFuture<>();
      OutputSubscriber<byte[]> output = arraysTo(wire);
      Flux.<byte[]>generate(sink -> sink.next(new byte[4_096]))
          .doOnCancel(() -> cancelled.complete(null))
          .subscribe(output);
      assertEquals(100_000, wire.read(100_000).length);
      wire.reset();
      IoException failure = assertInstanceOf(IoException.class, failureOf(output.result()));
      assertTrue(
          failure.errno() == Errno.ECONNRESET || failure.errno() == Errno.EPIPE, failure::toString);
      TestSystem.get(cancelled);
    }
  }

  @Test
  void closeOfTheOutputCancelsTheUpstream() throws IOException {
    IoPipe pipe = TestSystem.get(system.io().pipe());
    ManualUpstream<byte[]> upstream = new ManualUpstream<>();
    OutputSubscriber<byte[]> output =
        Subscribers.toOutput(
            system.executor(), pipe.output(), WriteOptions.arrays().withDiscard(givenBack::add));
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    upstream.send(new byte[PIPE_BYTES]);
    upstream.awaitRequested(2);
    upstream.send(new byte[PIPE_BYTES]);
    TestSystem.awaitUntil(() -> system.executor().stats().io().inFlight() == 1);
    TestSystem.get(pipe.output().close());
    assertInstanceOf(IoException.class, failureOf(output.result()));
    upstream.awaitCancel();
    upstream.send(new byte[] {9});
    assertEquals(1, givenBack.size());
    TestSystem.get(pipe.input().close());
  }

  /** It makes no operation at all, so nobody else releases the buffer. */
  @Test
  void outputThatThrowsFailsTheStream() {
    RuntimeException failure = new IllegalStateException("thrown by the test's output");
    StreamOutput broken =
        (StreamOutput)
            Proxy.newProxyInstance(
                StreamOutput.class.getClassLoader(),
                new Class<?>[] {StreamOutput.class},
                (proxy, method, arguments) -> {
                  throw failure;
                });
    OutputSubscriber<byte[]> output =
        Subscribers.toOutput(
            system.executor(), broken, WriteOptions.arrays().withEnd(WriteOptions.End.CLOSE));
    Flux.just(new byte[] {1}).concatWith(Flux.never()).subscribe(output);
    assertSame(failure, failureOf(output.result()));
  }

  /** Nobody reads the pipe, so the kernel has what fits into it, and no more is asked for. */
  @Test
  void demandIsBoundedByElements() {
    checkDemand(WriteOptions.arrays().withAhead(8), 8);
  }

  @Test
  void demandIsBoundedByBytes() {
    checkDemand(WriteOptions.arrays().withMaxBytes(4 * 4_096), 4);
  }

  private void checkDemand(WriteOptions<byte[]> options, int ahead) {
    int fitting = PIPE_BYTES / 4_096;
    IoPipe pipe = TestSystem.get(system.io().pipe());
    AtomicLong requested = new AtomicLong();
    OutputSubscriber<byte[]> output =
        Subscribers.toOutput(system.executor(), pipe.output(), options);
    Flux.<byte[]>generate(sink -> sink.next(new byte[4_096]))
        .doOnRequest(requested::addAndGet)
        .subscribe(output);
    TestSystem.awaitUntil(() -> requested.get() > fitting);
    TestSystem.get(pipe.input().close());
    assertInstanceOf(IoException.class, failureOf(output.result()));
    assertTrue(requested.get() <= fitting + ahead, () -> "asked for " + requested.get());
    TestSystem.get(pipe.output().close());
  }

  @Test
  void pipeCarriesWhatIsWritten() {
    IoPipe pipe = TestSystem.get(system.io().pipe());
    List<byte[]> pieces = pieces(500, 2_000);
    OutputSubscriber<byte[]> output =
        Subscribers.toOutput(
            system.executor(),
            pipe.output(),
            WriteOptions.arrays().withEnd(WriteOptions.End.SHUT_DOWN));
    Flux.fromIterable(pieces).subscribe(output);
    byte[] all = joined(pieces);
    assertArrayEquals(
        all,
        Flux.from(Publishers.from(pipe.input().receive()))
            .map(ToOutputContract::readAll)
            .collectList()
            .map(ToOutputContract::joined)
            .block(TestSystem.PATIENCE));
    assertEquals(all.length, await(output.result()));
    TestSystem.get(pipe.input().close());
    TestSystem.get(pipe.output().close());
  }

  private static byte[] readAll(IoBuffer buffer) {
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  @Test
  void cancelGivesBackWhatWaits() {
    IoPipe pipe = TestSystem.get(system.io().pipe());
    ManualUpstream<byte[]> upstream = new ManualUpstream<>();
    OutputSubscriber<byte[]> output =
        Subscribers.toOutput(
            system.executor(), pipe.output(), WriteOptions.arrays().withDiscard(givenBack::add));
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    upstream.send(new byte[100]);
    upstream.awaitRequested(3);
    upstream.send(new byte[2 * PIPE_BYTES]);
    TestSystem.awaitUntil(() -> system.executor().stats().io().inFlight() == 1);
    upstream.send(new byte[] {3});
    output.cancel();
    output.cancel();
    upstream.awaitCancel();
    TestSystem.awaitUntil(() -> givenBack.size() == 1);
    upstream.send(new byte[] {4});
    upstream.complete();
    assertEquals(2, givenBack.size());
    assertEquals(1, upstream.cancels.get());
    // The write under way is not cut.
    assertFalse(output.result().toCompletableFuture().isDone());
    assertEquals(
        100 + 2 * PIPE_BYTES,
        Flux.from(Publishers.from(pipe.input().receive()))
            .map(ToOutputContract::readAll)
            .scan(0, (sum, bytes) -> sum + bytes.length)
            .filter(sum -> sum == 100 + 2 * PIPE_BYTES)
            .blockFirst(TestSystem.PATIENCE));
    assertInstanceOf(CancellationException.class, failureOf(output.result()));
    TestSystem.get(pipe.input().close());
    TestSystem.get(pipe.output().close());
  }

  @Test
  void cancelOfAnOutputThatIsToBeClosedWaitsForNobody() {
    IoPipe pipe = TestSystem.get(system.io().pipe());
    ManualUpstream<byte[]> upstream = new ManualUpstream<>();
    OutputSubscriber<byte[]> output =
        Subscribers.toOutput(
            system.executor(),
            pipe.output(),
            WriteOptions.arrays().withEnd(WriteOptions.End.CLOSE));
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    upstream.send(new byte[2 * PIPE_BYTES]);
    TestSystem.awaitUntil(() -> system.executor().stats().io().inFlight() == 1);
    output.cancel();
    assertInstanceOf(CancellationException.class, failureOf(output.result()));
    upstream.awaitCancel();
    TestSystem.get(pipe.input().close());
  }

  @Test
  void cancelOfTheResultCancelsTheUpstream() throws IOException {
    try (Wire wire = Wire.connect(system.io())) {
      ManualUpstream<byte[]> upstream = new ManualUpstream<>();
      OutputSubscriber<byte[]> output = arraysTo(wire);
      upstream.subscribe(output);
      upstream.awaitRequested(1);
      Mono.fromCompletionStage(output.result()).subscribe().dispose();
      upstream.awaitCancel();
    }
  }

  @Test
  void cancelBeforeTheSubscriptionEndsTheResult() throws IOException {
    try (Wire wire = Wire.connect(system.io())) {
      OutputSubscriber<byte[]> output = arraysTo(wire, WriteOptions.End.CLOSE);
      output.cancel();
      assertInstanceOf(CancellationException.class, failureOf(output.result()));
      ManualUpstream<byte[]> upstream = new ManualUpstream<>();
      upstream.subscribe(output);
      upstream.awaitCancel();
      assertTrue(upstream.requests.isEmpty());
      assertTrue(wire.isReset());
    }
  }

  /** All the memory is lent: the stream waits, and goes on when some has come back. */
  @Test
  void streamWaitsForMemory() throws IOException {
    try (TestSystem narrow = TestSystem.openNarrow(driver);
        Wire wire = Wire.connect(narrow.io())) {
      IoBuffer all = TestSystem.get(narrow.io().bufferWhenFree(1 << 20));
      OutputSubscriber<byte[]> output =
          Subscribers.toOutput(narrow.executor(), wire.stream(), WriteOptions.arrays());
      List<byte[]> pieces = pieces(500, 3_000);
      Flux.fromIterable(pieces).subscribe(output);
      TestSystem.awaitUntil(() -> narrow.executor().stats().bufferWaits() == 1);
      assertFalse(output.result().toCompletableFuture().isDone());
      all.release();
      byte[] expected = joined(pieces);
      assertArrayEquals(expected, wire.read(expected.length));
      assertEquals(expected.length, await(output.result()));
      TestSystem.awaitUntil(() -> narrow.executor().stats().buffersLent() == 0);
    }
  }

  @Test
  void cancelEndsTheWaitForMemory() throws IOException {
    try (TestSystem narrow = TestSystem.openNarrow(driver);
        Wire wire = Wire.connect(narrow.io())) {
      IoBuffer all = TestSystem.get(narrow.io().bufferWhenFree(1 << 20));
      OutputSubscriber<byte[]> output =
          Subscribers.toOutput(
              narrow.executor(), wire.stream(), WriteOptions.arrays().withDiscard(givenBack::add));
      Flux.just(new byte[10]).concatWith(Flux.never()).subscribe(output);
      TestSystem.awaitUntil(() -> narrow.executor().stats().bufferWaits() == 1);
      output.cancel();
      assertInstanceOf(CancellationException.class, failureOf(output.result()));
      assertEquals(1, givenBack.size());
      assertEquals(0, narrow.executor().stats().bufferWaits());
      all.release();
      TestSystem.awaitUntil(() -> narrow.executor().stats().buffersLent() == 0);
    }
  }

  @Test
  void elementThatNoMemoryIsEnoughForFails() throws IOException {
    try (TestSystem narrow = TestSystem.openNarrow(driver);
        Wire wire = Wire.connect(narrow.io())) {
      OutputSubscriber<byte[]> output =
          Subscribers.toOutput(
              narrow.executor(), wire.stream(), WriteOptions.arrays().withDiscard(givenBack::add));
      Flux.just(new byte[2 << 20]).concatWith(Flux.never()).subscribe(output);
      assertInstanceOf(IllegalArgumentException.class, failureOf(output.result()));
      assertEquals(1, givenBack.size());
    }
  }

  @Test
  void closedSystemEndsTheStream() throws IOException {
    Wire wire = Wire.connect(system.io());
    ManualUpstream<IoBuffer> upstream = new ManualUpstream<>();
    OutputSubscriber<IoBuffer> output =
        Subscribers.toOutput(
            system.executor(),
            wire.stream(),
            WriteOptions.buffers().withEnd(WriteOptions.End.CLOSE));
    IoBuffer late = TestSystem.get(system.io().bufferWhenFree(10));
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    system.system().close();
    assertTrue(output.result().toCompletableFuture().isDone());
    assertTrue(failureOf(output.result()).getMessage().contains("closed"));
    assertEquals(1, upstream.cancels.get());
    upstream.send(late);
    assertTrue(late.isReleased());

    OutputSubscriber<IoBuffer> refused = Subscribers.toOutput(system.executor(), wire.stream());
    ManualUpstream<IoBuffer> second = new ManualUpstream<>();
    second.subscribe(refused);
    second.awaitCancel();
    assertInstanceOf(IllegalStateException.class, failureOf(refused.result()));
    wire.peer().close();
    system = null;
  }

  private OutputSubscriber<byte[]> arraysTo(Wire wire) {
    return Subscribers.toOutput(system.executor(), wire.stream(), WriteOptions.arrays());
  }

  private OutputSubscriber<byte[]> arraysTo(Wire wire, WriteOptions.End end) {
    return Subscribers.toOutput(
        system.executor(), wire.stream(), WriteOptions.arrays().withEnd(end));
  }

  /** The same ones each time; some are empty. */
  static List<byte[]> pieces(int count, int maxBytes) {
    Random random = new Random(count);
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] piece = new byte[i % 10 == 0 ? 0 : random.nextInt(maxBytes)];
      random.nextBytes(piece);
      pieces.add(piece);
    }
    return pieces;
  }

  static byte[] joined(List<byte[]> pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pieces.forEach(all::writeBytes);
    return all.toByteArray();
  }

  static long await(CompletionStage<Long> result) {
    return TestSystem.get(result.toCompletableFuture().copy());
  }

  static Throwable failureOf(CompletionStage<Long> result) {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    result.whenComplete((bytes, thrown) -> failure.complete(thrown));
    return TestSystem.get(failure);
  }
}
