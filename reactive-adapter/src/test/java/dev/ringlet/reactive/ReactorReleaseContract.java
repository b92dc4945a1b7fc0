package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Pipelines of Reactor over buffers of connections and files, and over connections, that are
 * cancelled at any moment, on any driver. Each keeps to what {@link Publishers#from} says, and
 * nothing is lost.
 */
abstract class ReactorReleaseContract {
  private static final int ROUNDS = 12;
  private static final int CHUNK_BYTES = 512;

  /** More than a pipeline takes before it is cancelled, as a rule. */
  private static final int CHUNKS_OF_THE_FILE = 20_000;

  /** Where the buffers come from; each begins with its number. */
  private enum Origin {
    CONNECTION,
    FILE
  }

  private final String driver;
  @TempDir private static Path folder;
  private TestSystem system;

  ReactorReleaseContract(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    Hooks.onNextDropped(Values::giveBack);
    system = TestSystem.open(driver);
  }

  @AfterEach
  void close() {
    Hooks.resetOnNextDropped();
    if (system != null) {
      system.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void filterGivesBackWhatItLeavesOut(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin,
        buffers ->
            buffers
                .filter(buffer -> buffer.readable().getLong() % 3 == 0)
                .map(ReactorReleaseContract::readAndRelease));
  }

  /** The hop between threads is behind the last use of a buffer. */
  @ParameterizedTest
  @EnumSource
  void publishOnHasWhatWasReadOfABuffer(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin,
        buffers ->
            buffers
                .map(ReactorReleaseContract::readAndRelease)
                .publishOn(Schedulers.parallel(), 64));
  }

  /** Buffers themselves move by this. */
  @ParameterizedTest
  @EnumSource
  void onExecutorGivesBackWhatIsInItsQueue(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin,
        buffers ->
            Flux.from(
                    Processors.onExecutor(
                        buffers,
                        system.executor(),
                        DemandOptions.<IoBuffer>batch(16).withDiscard(IoBuffer::release)))
                .map(ReactorReleaseContract::readAndRelease));
  }

  @ParameterizedTest
  @EnumSource
  void limitRateGivesBackWhatIsInItsQueue(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin, buffers -> buffers.limitRate(16).map(ReactorReleaseContract::readAndRelease));
  }

  @ParameterizedTest
  @EnumSource
  void takeGivesBackWhatComesTooMuch(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin,
        buffers ->
            buffers
                .limitRate(20)
                .take(60)
                .map(ReactorReleaseContract::readAndRelease)
                .concatWith(Flux.never()));
  }

  /** Whatever becomes of the inner stream, its buffer goes with it. */
  @ParameterizedTest
  @EnumSource
  void flatMapReleasesWithTheInnerStream(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin,
        buffers ->
            buffers.flatMap(
                buffer ->
                    Mono.using(
                        () -> buffer,
                        held ->
                            Mono.just(held.readable().getLong()).publishOn(Schedulers.parallel()),
                        IoBuffer::release),
                8));
  }

  @ParameterizedTest
  @EnumSource
  void bufferGivesBackWhatItGathers(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin,
        buffers ->
            buffers
                .buffer(7)
                .map(
                    several -> {
                      several.forEach(IoBuffer::release);
                      return (long) several.size();
                    }));
  }

  @ParameterizedTest
  @EnumSource
  void failureOfAnOperatorGivesBackWhatIsBehindIt(Origin origin) throws IOException {
    cancelAtAnyMoment(
        origin,
        buffers ->
            buffers
                .limitRate(32)
                .map(
                    buffer -> {
                      long number = readAndRelease(buffer);
                      if (number == 100) {
                        throw new IllegalStateException("thrown by the test's operator");
                      }
                      return number;
                    })
                .onErrorComplete()
                .concatWith(Flux.never()));
  }

  /** What it has got it has released; what waits behind it comes back. */
  @ParameterizedTest
  @EnumSource
  void subscriberThatThrowsCancels(Origin origin) throws IOException {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    AtomicInteger seen = new AtomicInteger();
    Flux.from(Publishers.from(open(origin)))
        .limitRate(16)
        .doOnDiscard(IoBuffer.class, IoBuffer::release)
        .subscribe(
            buffer -> {
              buffer.release();
              if (seen.incrementAndGet() == 20) {
                throw new IllegalStateException("thrown by the test's subscriber");
              }
            },
            failure::complete);
    assertInstanceOf(IllegalStateException.class, TestSystem.get(failure));
    system.awaitQuiescence();
    assertEquals(20, seen.get());
    endRound();
  }

  /** No publisher of ours gives one, but others may. */
  @Test
  void elementAfterTheEndGoesToTheHook() {
    ManualUpstream<IoBuffer> upstream = new ManualUpstream<>();
    Probe<IoBuffer> probe = new Probe<>();
    Flux.from(upstream).filter(buffer -> buffer.readableBytes() > 0).subscribe(probe);
    IoBuffer late = TestSystem.get(system.io().bufferWhenFree(10));
    upstream.complete();
    upstream.send(late);
    assertTrue(late.isReleased());
    assertTrue(probe.hasCompleted());
  }

  private static long readAndRelease(IoBuffer buffer) {
    long number = buffer.readable().getLong();
    buffer.release();
    return number;
  }

  /** One more element each time, and then no wait for it. */
  private void cancelAtAnyMoment(Origin origin, Function<Flux<IoBuffer>, Flux<Long>> pipeline)
      throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      Flux<IoBuffer> buffers = Flux.from(Publishers.from(open(origin)));
      cancelBehind(
          round * round / 3,
          pipeline.apply(buffers).doOnDiscard(IoBuffer.class, IoBuffer::release),
          number -> {});
      endRound();
    }
  }

  /** Waits for so many elements, and then not for the next. */
  private <T> void cancelBehind(int wanted, Flux<T> pipeline, Consumer<? super T> use) {
    AtomicInteger seen = new AtomicInteger();
    Disposable running =
        pipeline
            .cancelOn(Schedulers.fromExecutor(system.executor()))
            .subscribe(
                element -> {
                  use.accept(element);
                  seen.incrementAndGet();
                });
    TestSystem.awaitUntil(() -> seen.get() >= wanted);
    running.dispose();
    system.awaitQuiescence();
  }

  private IoStream<IoBuffer> open(Origin origin) {
    if (origin == Origin.CONNECTION) {
      Peer peer = Peer.sending(system.io(), Peer.ENDLESS);
      system.atEndOfTest(peer);
      return peer.stream().receive();
    }
    AsyncFile file = TestSystem.get(system.io().open(numbers()));
    system.atEndOfTest(() -> TestSystem.get(file.close()));
    return file.chunks(ChunkOptions.defaults().withChunkBytes(CHUNK_BYTES));
  }

  private static Path numbers() {
    return folder.resolve("numbers");
  }

  @BeforeAll
  static void writeNumbers() throws IOException {
    ByteBuffer content = ByteBuffer.allocate(CHUNKS_OF_THE_FILE * CHUNK_BYTES);
    for (int number = 0; number < CHUNKS_OF_THE_FILE; number++) {
      content.putLong(number * CHUNK_BYTES, number);
    }
    Files.write(numbers(), content.array());
  }

  /** Connection or file is closed, and nothing keeps it open. */
  private void endRound() throws IOException {
    system.endTest();
    assertEquals(0, Descriptors.of(numbers()));
    assertEquals(0, system.system().stats().failures());
  }

  @Test
  void connectionsInAQueueAreClosed() throws IOException {
    cancelAcceptingAtAnyMoment(connections -> connections.limitRate(4));
  }

  @Test
  void connectionsOnTheirWayToAnExecutorAreClosed() throws IOException {
    cancelAcceptingAtAnyMoment(
        connections ->
            Flux.from(
                Processors.onExecutor(
                    connections,
                    system.executor(),
                    DemandOptions.<TcpStream>batch(4).withDiscard(Values::giveBack))));
  }

  @Test
  void connectionsThatAreGatheredAreClosed() throws IOException {
    cancelAcceptingAtAnyMoment(
        connections -> connections.buffer(3).concatMapIterable(several -> several));
  }

  /** Each client finds its connection closed, whoever had it in the end. */
  private void cancelAcceptingAtAnyMoment(Function<Flux<TcpStream>, Flux<TcpStream>> pipeline)
      throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      TcpListener listener = system.listen();
      CompletableFuture<List<Socket>> clients =
          CompletableFuture.supplyAsync(() -> connect(listener.localAddress()));
      cancelBehind(
          round / 2,
          pipeline
              .apply(Flux.from(Publishers.from(listener.connections())))
              .doOnDiscard(TcpStream.class, Values::giveBack),
          Values::giveBack);
      List<Socket> all = TestSystem.get(clients);
      TestSystem.get(listener.close());
      for (Socket client : all) {
        assertTrue(StreamPublisherContract.isClosedByPeer(client));
        client.close();
      }
      endRound();
    }
  }

  private static List<Socket> connect(InetSocketAddress address) {
    return IntStream.range(0, ROUNDS)
        .mapToObj(
            number -> {
              try {
                return new Socket(address.getAddress(), address.getPort());
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
            })
        .toList();
  }
}
