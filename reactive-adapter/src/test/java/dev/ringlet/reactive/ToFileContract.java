package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.TaskOptions;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.OutputOptions;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What is written to files, on any driver. */
abstract class ToFileContract extends DriverContract {
  private static final OpenOption[] NEW = {
    StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING
  };

  private static final WriteOptions<String> LINES =
      WriteOptions.encoded(
          line -> 3 * line.length() + 1,
          (line, buffer) -> buffer.write((line + "\n").getBytes(StandardCharsets.UTF_8)));

  private final String driver;
  @TempDir private Path folder;
  private Path target;

  ToFileContract(String driver) {
    super(driver);
    this.driver = driver;
  }

  @BeforeEach
  void setTarget() {
    target = folder.resolve("target");
  }

  /** Whatever a test does. */
  @AfterEach
  void diskIsAtRest() {
    if (system != null) {
      system.endTest();
      system.awaitNothingInFlight();
    }
  }

  /** From file to file through other threads and two queues. */
  @Test
  void largeFileIsCopiedByAPipeline() throws IOException {
    Path source = random(folder.resolve("source"), 24 << 20);
    AsyncFile from = open(source);
    AsyncFile to = open(target, NEW);
    OutputSubscriber<IoBuffer> output = Subscribers.toFile(system.executor(), to.output());
    Flux.from(Publishers.from(from.chunks()))
        .limitRate(8)
        .publishOn(Schedulers.parallel(), 4)
        .doOnDiscard(IoBuffer.class, IoBuffer::release)
        .subscribe(output);
    assertEquals(24 << 20, ToOutputContract.await(output.result()));
    assertEquals(-1, Files.mismatch(source, target));
    assertIsClosed(to);
    TestSystem.get(from.close());
  }

  private AsyncFile open(Path path, OpenOption... options) {
    return TestSystem.get(system.io().open(path, options));
  }

  private OutputSubscriber<String> linesTo(AsyncFile file) {
    return Subscribers.toFile(system.executor(), file.output(), LINES);
  }

  private static Path random(Path path, int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return Files.write(path, content);
  }

  @Test
  void linesAreReadAndWritten() throws IOException {
    List<String> lines = IntStream.range(0, 20_000).mapToObj(i -> "\u00e4 line " + i).toList();
    Path source = Files.write(folder.resolve("source"), lines);
    AsyncFile from = open(source);
    AsyncFile to = open(target, NEW);
    OutputSubscriber<String> output = linesTo(to);
    Flux.from(Publishers.from(system.io().lines(from.chunks())))
        .filter(line -> !line.endsWith("7"))
        .subscribe(output);
    long written = ToOutputContract.await(output.result());
    assertEquals(Files.size(target), written);
    assertEquals(
        lines.stream().filter(line -> !line.endsWith("7")).collect(Collectors.toList()),
        Files.readAllLines(target));
    TestSystem.get(from.close());
  }

  @Test
  void emptyStreamMakesAnEmptyFile() throws IOException {
    AsyncFile to = open(target, NEW);
    OutputSubscriber<String> output = linesTo(to);
    Flux.<String>empty().subscribe(output);
    assertEquals(0, ToOutputContract.await(output.result()));
    assertEquals(0, Files.size(target));
    assertIsClosed(to);
  }

  /** Elements without bytes are no reason to stop asking. */
  @Test
  void elementsWithoutBytesAreWrittenToo() {
    AsyncFile to = open(target, NEW);
    OutputSubscriber<byte[]> output =
        Subscribers.toFile(system.executor(), to.output(), WriteOptions.arrays().withAhead(1));
    Flux.range(0, 1_000).map(i -> new byte[0]).subscribe(output);
    assertEquals(0, ToOutputContract.await(output.result()));
  }

  @Test
  void emptyBuffersAreReleased() throws IOException {
    AsyncFile to = open(target, NEW);
    OutputSubscriber<IoBuffer> output = Subscribers.toFile(system.executor(), to.output());
    IoBuffer first = TestSystem.get(system.io().bufferWhenFree(10));
    IoBuffer second = TestSystem.get(system.io().bufferWhenFree(10)).write(new byte[] {1});
    Flux.just(first, second).subscribe(output);
    assertEquals(1, ToOutputContract.await(output.result()));
    assertTrue(first.isReleased() && second.isReleased());
    assertEquals(1, Files.size(target));
  }

  @Test
  void fileThatStaysOpenHasAllBehindTheOutputsBegin() throws IOException {
    Files.write(target, new byte[] {1, 2, 3});
    AsyncFile to = open(target, StandardOpenOption.WRITE);
    OutputSubscriber<byte[]> output =
        Subscribers.toFile(
            system.executor(),
            to.output(OutputOptions.defaults().withFrom(2)),
            WriteOptions.arrays().withEnd(WriteOptions.End.LEAVE_OPEN));
    Flux.just(new byte[] {4}, new byte[] {5, 6}).subscribe(output);
    assertEquals(3, ToOutputContract.await(output.result()));
    assertArrayEquals(new byte[] {1, 2, 4, 5, 6}, Files.readAllBytes(target));
    assertEquals(5, TestSystem.get(to.size()));
    TestSystem.get(to.close());
  }

  @Test
  void failureOfTheUpstreamLeavesWhatCameBeforeAndClosesTheFile() throws IOException {
    RuntimeException failure = new RuntimeException("made by the test");
    AsyncFile to = open(target, NEW);
    OutputSubscriber<String> output = linesTo(to);
    Flux.just("a", "b").concatWith(Flux.error(failure)).subscribe(output);
    assertSame(failure, ToOutputContract.failureOf(output.result()));
    assertEquals(List.of("a", "b"), Files.readAllLines(target));
    assertIsClosed(to);
  }

  @Test
  void cancelClosesTheFile() {
    AsyncFile to = open(target, NEW);
    ManualUpstream<String> upstream = new ManualUpstream<>();
    OutputSubscriber<String> output = linesTo(to);
    upstream.subscribe(output);
    upstream.awaitRequested(1);
    upstream.send("a");
    upstream.awaitRequested(2);
    output.cancel();
    assertInstanceOf(CancellationException.class, ToOutputContract.failureOf(output.result()));
    upstream.awaitCancel();
    assertIsClosed(to);
  }

  private static void assertIsClosed(AsyncFile file) {
    CompletionException thrown =
        assertThrows(CompletionException.class, () -> TestSystem.get(file.size()));
    assertEquals(Errno.EBADF, assertInstanceOf(IoException.class, thrown.getCause()).errno());
  }

  /** The device takes no byte; while it flows that cancels the upstream. */
  @Test
  void fullDiskCancelsTheUpstream() {
    AsyncFile full = open(Path.of("/dev/full"), StandardOpenOption.WRITE);
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    OutputSubscriber<byte[]> output =
        Subscribers.toFile(system.executor(), full.output(), WriteOptions.arrays());
    Flux.<byte[]>generate(sink -> sink.next(new byte[10_000]))
        .doOnCancel(() -> cancelled.complete(null))
        .subscribe(output);
    assertNoSpace(output);
    TestSystem.get(cancelled);
  }

  /** What was accepted fails behind the back of the upstream, which has ended by then. */
  @Test
  void fullDiskIsToldAtTheEnd() {
    AsyncFile full = open(Path.of("/dev/full"), StandardOpenOption.WRITE);
    OutputSubscriber<String> output = linesTo(full);
    Flux.just("a").subscribe(output);
    assertNoSpace(output);
  }

  private static void assertNoSpace(OutputSubscriber<?> output) {
    IoException failure =
        assertInstanceOf(IoException.class, ToOutputContract.failureOf(output.result()));
    assertEquals(Errno.ENOSPC, failure.errno());
    assertEquals(0, failure.getSuppressed().length);
  }

  /** The close of an output syncs by itself. */
  @ParameterizedTest
  @CsvSource({"LEAVE_OPEN, sync", "CLOSE, close"})
  void resultWaitsForTheSyncBehindTheLastWrite(WriteOptions.End end, String last) {
    FileOutput to = open(target, NEW).output();
    AsyncFile byTheWay = open(folder.resolve("by the way"), NEW);
    IoPipe pipe = TestSystem.get(system.io().pipe());
    List<String> asked = new CopyOnWriteArrayList<>();
    OutputSubscriber<byte[]> output =
        Subscribers.toFile(
            system.executor(),
            ending(to, pipe.input().receiveTo(byTheWay, 0, 1), asked),
            WriteOptions.arrays().withAhead(1).withEnd(end));
    Flux.range(0, 20).map(i -> new byte[] {1, 2}).subscribe(output);
    TestSystem.awaitUntil(() -> asked.contains(last));
    system.awaitTurn();
    assertFalse(output.result().toCompletableFuture().isDone());
    TestSystem.get(pipe.output().send(system.buffer(1)));
    assertEquals(40, ToOutputContract.await(output.result()));
    assertEquals(
        Stream.concat(Stream.generate(() -> "write").limit(20), Stream.of(last)).toList(), asked);
    assertEquals(40, TestSystem.get(to.close()));
    for (IoOp<Void> close :
        List.of(byTheWay.close(), pipe.input().close(), pipe.output().close())) {
      TestSystem.get(close);
    }
  }

  /** An output that notes what it is asked for, and is ended by an operation of the test. */
  private static FileOutput ending(FileOutput output, IoOp<Long> end, List<String> asked) {
    return (FileOutput)
        Proxy.newProxyInstance(
            FileOutput.class.getClassLoader(),
            new Class<?>[] {FileOutput.class},
            (proxy, method, arguments) -> {
              asked.add(method.getName());
              return method.getName().equals("write") ? method.invoke(output, arguments) : end;
            });
  }

  /** The device takes any byte, and cannot be synced. */
  @ParameterizedTest
  @EnumSource(names = {"LEAVE_OPEN", "CLOSE"})
  void failureOfTheSyncIsTold(WriteOptions.End end) {
    AsyncFile device = open(Path.of("/dev/null"), StandardOpenOption.WRITE);
    OutputSubscriber<String> output =
        Subscribers.toFile(system.executor(), device.output(), LINES.withEnd(end));
    Flux.just("a", "b").subscribe(output);
    IoException failure =
        assertInstanceOf(IoException.class, ToOutputContract.failureOf(output.result()));
    assertEquals(Errno.EINVAL, failure.errno());
    TestSystem.get(device.close());
  }

  /** So it was the sync that failed. */
  @Test
  void closeWithoutASyncNeedsNone() {
    AsyncFile device = open(Path.of("/dev/null"), StandardOpenOption.WRITE);
    OutputSubscriber<String> output =
        Subscribers.toFile(
            system.executor(), device.output(OutputOptions.defaults().withoutSyncOnClose()), LINES);
    Flux.just("a", "b").subscribe(output);
    assertEquals(4, ToOutputContract.await(output.result()));
    assertIsClosed(device);
  }

  @Test
  void fileHasNoHalfToShutDown() {
    AsyncFile to = open(target, NEW);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Subscribers.toFile(
                system.executor(),
                to.output(),
                WriteOptions.arrays().withEnd(WriteOptions.End.SHUT_DOWN)));
    TestSystem.get(to.close());
  }

  @Test
  void closedSystemEndsTheStreamInTheMiddle() throws IOException {
    Path source = random(folder.resolve("source"), 8 << 20);
    AsyncFile from = open(source);
    AsyncFile to = open(target, NEW);
    OutputSubscriber<IoBuffer> output =
        Subscribers.toFile(system.executor(), to.output(OutputOptions.defaults()));
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Flux.from(Publishers.from(from.chunks()))
        .concatWith(Flux.never())
        .doOnNext(buffer -> begun.complete(null))
        .subscribe(output);
    TestSystem.get(begun);
    system.system().close();
    assertTrue(output.result().toCompletableFuture().isCompletedExceptionally());
    system = null;
  }

  /** Reading, encoding and writing share what is less than any of them would take. */
  @Test
  void littleMemoryIsEnough() throws IOException {
    Path source = random(folder.resolve("source"), 6 << 20);
    try (TestSystem narrow = TestSystem.openNarrow(driver)) {
      AsyncFile from = TestSystem.get(narrow.io().open(source));
      AsyncFile to = TestSystem.get(narrow.io().open(target, NEW));
      AsyncFile copy = TestSystem.get(narrow.io().open(folder.resolve("copy"), NEW));
      OutputSubscriber<IoBuffer> output = Subscribers.toFile(narrow.executor(), to.output());
      OutputSubscriber<byte[]> encoded =
          Subscribers.toFile(narrow.executor(), copy.output(), WriteOptions.arrays());
      Flux.from(Publishers.from(from.chunks())).subscribe(output);
      Flux.from(Publishers.from(from.chunks())).map(Releasing::readAll).subscribe(encoded);
      assertEquals(6 << 20, ToOutputContract.await(output.result()));
      assertEquals(6 << 20, ToOutputContract.await(encoded.result()));
      assertEquals(-1, Files.mismatch(source, target));
      assertEquals(-1, Files.mismatch(source, folder.resolve("copy")));
      TestSystem.get(from.close());
      narrow.awaitQuiescence();
    }
  }

  /** Buffers of one executor's pool are written by another. */
  @Test
  void buffersComeFromAnotherExecutor() throws IOException {
    Path source = random(folder.resolve("source"), 5 << 20);
    try (ActorSystem two = openTwo(driver)) {
      AsyncFile from = TestSystem.get(io(two, 0).open(source));
      AsyncFile to = TestSystem.get(io(two, 1).open(target, NEW));
      OutputSubscriber<IoBuffer> output = Subscribers.toFile(two.executors().get(1), to.output());
      Flux.from(Publishers.from(from.chunks())).subscribe(output);
      assertEquals(5 << 20, ToOutputContract.await(output.result()));
      assertEquals(-1, Files.mismatch(source, target));
      for (ActorExecutor executor : two.executors()) {
        TestSystem.awaitUntil(() -> executor.stats().buffersLent() == 0);
      }
    }
  }

  @Test
  void outputOfAnotherExecutorIsRefused() {
    try (ActorSystem two = openTwo(driver)) {
      AsyncFile to = TestSystem.get(io(two, 1).open(target, NEW));
      ManualUpstream<IoBuffer> upstream = new ManualUpstream<>();
      OutputSubscriber<IoBuffer> output = Subscribers.toFile(two.executors().get(0), to.output());
      upstream.subscribe(output);
      upstream.awaitRequested(1);
      IoBuffer buffer = TestSystem.get(io(two, 0).bufferWhenFree(5)).write(new byte[5]);
      upstream.send(buffer);
      assertInstanceOf(IllegalStateException.class, ToOutputContract.failureOf(output.result()));
      upstream.awaitCancel();
      TestSystem.awaitUntil(buffer::isReleased);
      assertFalse(upstream.cancels.get() > 1);
    }
  }

  static ActorSystem openTwo(String driver) {
    return ActorSystem.create(
        "two", ExecutorPool.of(2).withPlacement(Placement.unbound()).withDriver(driver));
  }

  static Io io(ActorSystem two, int index) {
    return two.submit(
            ActorContext::io, TaskOptions.defaults().onExecutor(two.executors().get(index)))
        .join();
  }
}
