package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.StreamSocket;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** I/O as publishers, and what they take from the kernel, on any driver. */
abstract class StreamIoContract extends DriverContract {
  private static final int ECHO_BYTES = 1 << 20;

  private final String driver;
  @TempDir private Path folder;

  StreamIoContract(String driver) {
    super(driver);
    this.driver = driver;
  }

  @Test
  void tcpEchoIsAPipeline() throws IOException {
    TcpListener listener = system.listen();
    Disposable server = Flux.from(Publishers.from(listener.connections())).subscribe(this::echo);
    checkEcho(listener.localAddress());
    checkEcho(listener.localAddress());
    server.dispose();
    TestSystem.get(listener.close());
  }

  @Test
  void unixEchoIsAPipeline() throws IOException {
    Path path = folder.resolve("echo");
    UnixListener listener =
        TestSystem.get(system.io().listen(UnixAddress.of(path), ListenOptions.defaults()));
    Disposable server = Flux.from(Publishers.from(listener.connections())).subscribe(this::echo);
    checkEcho(UnixDomainSocketAddress.of(path));
    server.dispose();
    TestSystem.get(listener.close());
  }

  private void echo(StreamSocket connection) {
    Publishers.from(connection.receive())
        .subscribe(
            Subscribers.toOutput(
                system.executor(),
                connection,
                WriteOptions.buffers().withEnd(WriteOptions.End.CLOSE)));
  }

  /** What the kernel has put into the buffers of one executor, another one sends. */
  @Test
  void bytesGoFromExecutorToExecutor() throws IOException {
    try (ActorSystem two = ToFileContract.openTwo(driver);
        Wire from = Wire.connect(ToFileContract.io(two, 0));
        Wire to = Wire.connect(ToFileContract.io(two, 1))) {
      OutputSubscriber<IoBuffer> output =
          Subscribers.toOutput(
              two.executors().get(1),
              to.stream(),
              WriteOptions.buffers().withEnd(WriteOptions.End.SHUT_DOWN));
      Publishers.from(from.stream().receive()).subscribe(output);
      byte[] sent = new byte[ECHO_BYTES];
      new Random(3).nextBytes(sent);
      CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> sendAll(from.peer(), sent));
      assertArrayEquals(sent, to.readAll());
      TestSystem.get(sender);
      assertEquals(sent.length, ToOutputContract.await(output.result()));
      TestSystem.awaitUntil(
          () -> two.executors().stream().allMatch(one -> one.stats().io().buffersLent() == 0));
    }
  }

  private static void sendAll(Socket peer, byte[] bytes) {
    try {
      peer.getOutputStream().write(bytes);
      peer.shutdownOutput();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void checkEcho(SocketAddress address) throws IOException {
    byte[] sent = new byte[ECHO_BYTES];
    new Random(1).nextBytes(sent);
    try (SocketChannel client = SocketChannel.open(address)) {
      CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> sendAll(client, sent));
      ByteBuffer got = ByteBuffer.allocate(ECHO_BYTES + 1);
      while (client.read(got) >= 0) {
        assertTrue(got.hasRemaining(), "more than was sent");
      }
      assertArrayEquals(sent, Arrays.copyOf(got.array(), got.position()));
      TestSystem.get(sender);
    }
  }

  private static void sendAll(SocketChannel client, byte[] bytes) {
    try {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        client.write(left);
      }
      client.shutdownOutput();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void chunksOfAFileComeInOrder() throws IOException {
    byte[] content = new byte[1_000_000];
    new Random(2).nextBytes(content);
    AsyncFile file = TestSystem.get(system.io().open(Files.write(folder.resolve("file"), content)));
    Publisher<IoBuffer> chunks =
        Publishers.from(file.chunks(ChunkOptions.defaults().withChunkBytes(10_000)));
    for (int round = 0; round < 2; round++) {
      StepVerifier.create(Flux.from(chunks).map(Releasing::readAll).index(), 0)
          .thenRequest(1)
          .expectNextMatches(chunk -> isPartOf(content, chunk.getT1(), chunk.getT2()))
          .thenRequest(Long.MAX_VALUE)
          .thenConsumeWhile(chunk -> isPartOf(content, chunk.getT1(), chunk.getT2()))
          .expectComplete()
          .verify(TestSystem.PATIENCE);
    }
    TestSystem.get(file.close());
  }

  private static boolean isPartOf(byte[] content, long index, byte[] chunk) {
    int from = (int) index * 10_000;
    return chunk.length == 10_000
        && ByteBuffer.wrap(chunk).equals(ByteBuffer.wrap(content, from, 10_000));
  }

  @Test
  void directoryTellsWhatHappensInIt() {
    StepVerifier.create(
            Flux.from(Publishers.from(system.io().watch(folder)))
                .filter(event -> event.kind() != DirectoryEvent.Kind.MODIFIED))
        .expectNextMatches(event -> event.kind() == DirectoryEvent.Kind.STARTED)
        .then(() -> create("new"))
        .expectNext(new DirectoryEvent(DirectoryEvent.Kind.CREATED, folder.resolve("new")))
        .thenCancel()
        .verify(TestSystem.PATIENCE);
  }

  private void create(String name) {
    try {
      Files.createFile(folder.resolve(name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Streams that could give elements at once. */
  private enum Ready {
    CHUNKS,
    LINES,
    CONNECTIONS,
    PIPE,
    DIRECTORY
  }

  private IoStream<?> open(Ready kind) throws IOException {
    return switch (kind) {
      case CHUNKS -> lines().chunks(ChunkOptions.defaults().withChunkBytes(1_000));
      case LINES -> system.io().lines(lines().chunks());
      case CONNECTIONS -> {
        TcpListener listener = listen();
        connect(listener);
        yield listener.connections();
      }
      case PIPE -> {
        IoPipe pipe = TestSystem.get(system.io().pipe());
        system.atEndOfTest(() -> Values.giveBack(pipe));
        TestSystem.get(pipe.output().send(system.buffer(1_000)));
        yield pipe.input().receive();
      }
      case DIRECTORY -> system.io().watch(folder);
    };
  }

  private AsyncFile lines() throws IOException {
    Path path = Files.writeString(folder.resolve("lines"), "a line\n".repeat(100_000));
    AsyncFile file = TestSystem.get(system.io().open(path));
    system.atEndOfTest(() -> TestSystem.get(file.close()));
    return file;
  }

  private TcpListener listen() {
    TcpListener listener = system.listen();
    system.atEndOfTest(() -> TestSystem.get(listener.close()));
    return listener;
  }

  private void connect(TcpListener listener) throws IOException {
    InetSocketAddress address = listener.localAddress();
    system.atEndOfTest(new Socket(address.getAddress(), address.getPort()));
  }

  /** Subscribes, and waits until the stream has its subscription. */
  private Probe<Object> subscribe(IoStream<?> stream) {
    Probe<Object> probe = new Probe<>();
    Publishers.from(stream).subscribe(probe);
    system.atEndOfTest(
        () -> {
          probe.awaitSubscription().cancel();
          probe.elements.forEach(Values::giveBack);
        });
    TestSystem.awaitUntil(() -> system.executor().stats().actors() == 1);
    system.awaitTurn();
    return probe;
  }

  /** And with demand for one something comes, so that it is not for want of elements. */
  @ParameterizedTest
  @EnumSource
  void nothingIsAskedOfTheKernelWithoutDemand(Ready kind) throws IOException {
    IoStream<?> stream = open(kind);
    system.awaitNothingInFlight();
    long submitted = system.executor().stats().io().submitted();
    Probe<Object> probe = subscribe(stream);
    ExecutorStats stats = system.executor().stats();
    assertEquals(submitted, stats.io().submitted());
    assertEquals(0, stats.diskInFlight() + stats.bufferWaits());
    assertEquals(0, stats.buffersLent() + stats.io().buffersLent());
    assertEquals(List.of(), probe.elements);
    probe.awaitSubscription().request(1);
    probe.awaitElements(1);
    system.awaitNothingInFlight();
    assertEquals(1, probe.elements.size());
  }

  /** They stay in the kernel's line, which it tells the length of. */
  @Test
  void connectionsThatNobodyWantsAreNotAccepted() throws IOException {
    TcpListener listener = listen();
    SocketQueue queue = SocketQueue.of(listener);
    Probe<Object> probe = subscribe(listener.connections());
    for (int i = 0; i < 3; i++) {
      connect(listener);
    }
    TestSystem.awaitUntil(() -> queue.unread() == 3);
    system.awaitTurn();
    assertEquals(3, queue.unread());
    probe.awaitSubscription().request(1);
    probe.awaitElements(1);
    system.awaitNothingInFlight();
    assertEquals(2, queue.unread());
    probe.awaitSubscription().request(2);
    probe.awaitElements(3);
    assertEquals(0, queue.unread());
  }

  /** What has happened before is not told. */
  @Test
  void directoryIsWatchedFromTheFirstDemandOn() {
    Probe<Object> probe = subscribe(system.io().watch(folder));
    create("early");
    probe.awaitSubscription().request(Long.MAX_VALUE);
    probe.awaitElements(1);
    create("late");
    DirectoryEvent late = new DirectoryEvent(DirectoryEvent.Kind.CREATED, folder.resolve("late"));
    TestSystem.awaitUntil(() -> probe.elements.contains(late));
    assertEquals(
        List.of(new DirectoryEvent(DirectoryEvent.Kind.STARTED, folder), late),
        probe.elements.subList(0, 2));
  }

  /** What nobody has asked for stays with the kernel, which tells how much that is. */
  @Test
  void bytesThatNobodyWantsStayInTheSocket() throws IOException {
    try (Wire wire = Wire.connect(system.io())) {
      SocketQueue queue = SocketQueue.opposite(wire.peer());
      Probe<Long> probe = new Probe<>();
      Releasing.numbers(Publishers.from(wire.stream().receive())).subscribe(probe);
      probe.awaitSubscription();
      wire.peer().getOutputStream().write(new byte[6 * Peer.CHUNK_BYTES]);
      TestSystem.awaitUntil(() -> queue.unread() == 6 * Peer.CHUNK_BYTES);
      for (int taken = 1; taken <= 3; taken++) {
        probe.awaitSubscription().request(1);
        probe.awaitElements(taken);
        system.awaitNothingInFlight();
        assertEquals((6L - taken) * Peer.CHUNK_BYTES, queue.unread());
      }
      // With demand for more than one the kernel may have been asked for too much.
      probe.awaitSubscription().request(2);
      probe.awaitElements(5);
      system.awaitNothingInFlight();
      assertEquals(5, probe.elements.size());
      probe.awaitSubscription().request(Long.MAX_VALUE);
      wire.peer().shutdownOutput();
      TestSystem.awaitUntil(probe::hasCompleted);
      assertEquals(6, probe.elements.size());
    }
  }
}
