package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.ConnectOptions;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection's settings and output: vectors, partial writes, limits, timeouts, resets. */
@OnBothDrivers
final class TcpStreamTest {
  private static final Duration SHORT = Duration.ofMillis(30);

  private static final Duration IDLE = Duration.ofMillis(150);

  /** What no kernel takes at once. */
  private static final int MUCH = 32 << 20;

  private static final SocketOptions NO_LIMIT =
      SocketOptions.defaults().withOutputLimit(Long.MAX_VALUE);

  private final String driver;
  private ActorSystem system;
  private ActorExecutor executor;
  private ServerSocket server;

  TcpStreamTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() throws IOException {
    system = ActorSystem.create("test", Systems.pool(driver, 1).withReceiveBuffers(64, 4096));
    executor = system.executors().get(0);
    server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    system.close();
    server.close();
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private TcpStream connect(SocketOptions options) {
    ConnectOptions connect = ConnectOptions.defaults().withSocket(options);
    return Systems.value(executor, io -> io.connect(address(), connect));
  }

  /** Runs code on the executor. */
  private <T> T on(Supplier<T> code) {
    CompletableFuture<T> value = new CompletableFuture<>();
    Systems.inTurn(executor, context -> value.complete(code.get()));
    return Systems.get(value);
  }

  private IoBuffer buffer(byte[] data) {
    CompletableFuture<IoBuffer> buffer = new CompletableFuture<>();
    Systems.inTurn(
        executor,
        context -> buffer.complete(context.io().buffer(Math.max(1, data.length)).write(data)));
    return Systems.get(buffer);
  }

  private List<IoBuffer> buffers(byte[] data, int pieces) {
    List<IoBuffer> buffers = new ArrayList<>();
    int length = data.length / pieces;
    for (int i = 0; i < pieces; i++) {
      int end = i == pieces - 1 ? data.length : (i + 1) * length;
      buffers.add(buffer(Arrays.copyOfRange(data, i * length, end)));
    }
    return buffers;
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private static int errno(CompletionStage<?> stage) {
    return Systems.failure(stage).errno();
  }

  private static void assertEnds(TcpStream stream, Function<TcpStream, IoOp<Void>> end) {
    Systems.get(end.apply(stream).toCompletionStage());
  }

  @Test
  void aVectorArrivesWholeAndInOrder() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults());
    try (Socket peer = server.accept()) {
      byte[] first = random(5_000_000);
      byte[] second = random(77);
      CompletionStage<Long> sent = stream.send(buffers(first, 150)).toCompletionStage();
      CompletionStage<Integer> after = stream.send(buffer(second)).toCompletionStage();
      CompletionStage<Long> none = stream.send(List.of()).toCompletionStage();
      assertArrayEquals(first, peer.getInputStream().readNBytes(first.length));
      assertArrayEquals(second, peer.getInputStream().readNBytes(second.length));
      assertEquals(first.length, Systems.get(sent));
      assertEquals(second.length, Systems.get(after));
      assertEquals(0, Systems.get(none));
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void aPeerThatGoesInTheMiddleOfAVectorFailsItAndWhatComesBehind() throws IOException {
    TcpStream stream = connect(NO_LIMIT);
    try (Socket peer = server.accept()) {
      CompletionStage<Long> sent = stream.send(buffers(new byte[MUCH], 40)).toCompletionStage();
      CompletionStage<Integer> behind = stream.send(buffer(new byte[1])).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      peer.setSoLinger(true, 0);
      end(peer);
      int errno = errno(sent);
      assertTrue(errno == Errno.ECONNRESET || errno == Errno.EPIPE, "errno " + errno);
      assertEquals(Errno.EPIPE, errno(behind));
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void aCancelledVectorBreaksTheOutputIfAPartHasLeft() throws IOException {
    TcpStream stream = connect(NO_LIMIT);
    try (Socket peer = server.accept()) {
      IoOp<Long> send = stream.send(buffers(new byte[MUCH], 40));
      IoOp<Long> queued = stream.send(buffers(new byte[10], 2));
      CompletionStage<Long> sent = send.toCompletionStage();
      CompletionStage<Long> waiting = queued.toCompletionStage();
      CompletionStage<Integer> behind = stream.send(buffer(new byte[1])).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      queued.cancel();
      assertEquals(Errno.ECANCELED, errno(waiting));
      send.cancel();
      assertEquals(Errno.ECANCELED, errno(sent));
      assertEquals(Errno.EPIPE, errno(behind));
      stream.send(buffers(new byte[10], 2)).cancel();
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void aWriteIsDoneWithWhatTheKernelTakes() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults());
    try (Socket peer = server.accept()) {
      byte[] data = random(MUCH);
      IoBuffer buffer = buffer(data).retain();
      int taken = Systems.get(stream.write(buffer).toCompletionStage());
      assertTrue(taken > 0 && taken < MUCH, "taken " + taken);
      CompletableFuture<byte[]> read =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return peer.getInputStream().readNBytes(MUCH);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      int done = taken;
      while (done < MUCH) {
        buffer.skip(taken).retain();
        taken = Systems.get(stream.write(buffer).toCompletionStage());
        done += taken;
      }
      buffer.release();
      assertArrayEquals(data, Systems.get(read));
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void outputBeyondTheLimitIsRefusedAndTheRestGoesOn() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults().withOutputLimit(MUCH + 100));
    try (Socket peer = server.accept()) {
      assertEquals(0, on(stream::pendingBytes));
      CompletionStage<Integer> large = stream.send(buffer(new byte[MUCH])).toCompletionStage();
      CompletionStage<Integer> small = stream.send(buffer(new byte[100])).toCompletionStage();
      Systems.awaitUntil(() -> on(stream::pendingBytes) < MUCH);
      long pending = on(stream::pendingBytes);
      assertTrue(pending > 100, "pending " + pending);
      int tooMuch = (int) (MUCH + 100 - pending) + 1;
      IoException refused =
          Systems.failure(stream.send(buffer(new byte[tooMuch])).toCompletionStage());
      assertEquals(Errno.ENOBUFS, refused.errno());
      assertTrue(refused.getMessage().contains("withOutputLimit"), refused.getMessage());
      assertThrows(IllegalStateException.class, stream::pendingBytes);
      int read = peer.getInputStream().readNBytes(MUCH + 100).length;
      assertEquals(MUCH + 100, read);
      assertEquals(MUCH, Systems.get(large));
      assertEquals(100, Systems.get(small));
      assertEquals(0, on(stream::pendingBytes));
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void whatIsLargerThanTheLimitIsSentIfNothingWaits() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults().withOutputLimit(10));
    try (Socket peer = server.accept()) {
      CompletionStage<Integer> sent = stream.send(buffer(new byte[1000])).toCompletionStage();
      assertEquals(1000, peer.getInputStream().readNBytes(1000).length);
      assertEquals(1000, Systems.get(sent));
      assertEnds(stream, TcpStream::close);
    }
  }

  @Test
  void anAbortIsSeenAsAReset() throws IOException {
    TcpStream stream = connect(NO_LIMIT);
    try (Socket peer = server.accept()) {
      CompletionStage<Object> end = end(stream);
      CompletionStage<Integer> sent = stream.send(buffer(new byte[MUCH])).toCompletionStage();
      CompletionStage<Integer> behind = stream.send(buffer(new byte[1])).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      assertEnds(stream, TcpStream::abort);
      assertThrows(SocketException.class, () -> peer.getInputStream().readAllBytes());
      assertEquals("regular end", Systems.get(end));
      assertEquals(Errno.ECANCELED, errno(sent));
      assertEquals(Errno.ECANCELED, errno(behind));
      assertEnds(stream, TcpStream::abort);
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  /** Before its block ends. */
  private static void end(Socket peer) throws IOException {
    peer.close();
  }

  /** Subscribes, releases what comes, and gives the end of the stream. */
  private CompletionStage<Object> end(TcpStream stream) {
    return Subscriber.end(executor, stream.receive());
  }

  @Test
  void aSilentPeerEndsTheStreamAtTheReadTimeout() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults().withReadTimeout(SHORT));
    try (Socket peer = server.accept()) {
      long start = System.nanoTime();
      IoException failure = (IoException) Systems.get(end(stream));
      assertEquals(Errno.ETIMEDOUT, failure.errno());
      assertTrue(System.nanoTime() - start >= SHORT.toNanos(), "it came too early");
      // The connection is as it was.
      CompletionStage<Integer> sent = stream.send(buffer(new byte[3])).toCompletionStage();
      assertEquals(3, peer.getInputStream().readNBytes(3).length);
      assertEquals(3, Systems.get(sent));
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void aTimeoutIsSetAndTakenBackOnAnOpenConnection() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults());
    try (Socket peer = server.accept()) {
      CompletionStage<Object> first = end(stream);
      SocketOptions timeout = SocketOptions.defaults().withReadTimeout(SHORT);
      Systems.get(stream.configure(timeout).toCompletionStage());
      assertEquals(Errno.ETIMEDOUT, ((IoException) Systems.get(first)).errno());
      SocketOptions none = SocketOptions.defaults().withReadTimeout(Duration.ZERO);
      Systems.get(stream.configure(none).toCompletionStage());
      CompletionStage<Object> second = end(stream);
      Systems.value(executor, io -> io.delay(SHORT.multipliedBy(2)));
      end(peer);
      assertEquals("regular end", Systems.get(second));
      assertEnds(stream, TcpStream::close);
    }
  }

  @Test
  void aPeerThatDoesNotReadFailsTheSendAtTheWriteTimeout() throws IOException {
    TcpStream stream = connect(NO_LIMIT.withWriteTimeout(SHORT));
    try (Socket peer = server.accept()) {
      CompletionStage<Integer> sent = stream.send(buffer(new byte[MUCH])).toCompletionStage();
      CompletionStage<Integer> behind = stream.send(buffer(new byte[1])).toCompletionStage();
      assertEquals(Errno.ETIMEDOUT, errno(sent));
      assertEquals(Errno.EPIPE, errno(behind));
      assertTrue(peer.isConnected());
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void anIdleConnectionEndsButNotOneThatOnlySends() throws IOException {
    SocketOptions options = SocketOptions.defaults().withIdleTimeout(IDLE);
    TcpStream stream = connect(options);
    try (Socket peer = server.accept()) {
      assertTrue(peer.isConnected());
      CompletableFuture<Object> end = end(stream).toCompletableFuture();
      long start = System.nanoTime();
      long last = start;
      long longestPause = 0;
      while (last - start < 3 * IDLE.toNanos()) {
        Systems.get(stream.send(buffer(new byte[1])).toCompletionStage());
        longestPause = Math.max(longestPause, System.nanoTime() - last);
        last = System.nanoTime();
      }
      boolean machineSlept = longestPause > IDLE.toNanos() / 2;
      assertTrue(machineSlept || !end.isDone(), "it was not idle");
      assertEquals(Errno.ETIMEDOUT, ((IoException) Systems.get(end)).errno());
      assertEnds(stream, TcpStream::close);
      Systems.assertAtRest(system);
    }
  }

  @Test
  void settingsOfTheListenerAreThoseOfItsConnections() throws IOException {
    SocketOptions options = SocketOptions.defaults().withReadTimeout(SHORT).withResetOnClose(true);
    TcpListener listener =
        Systems.value(
            executor,
            io -> io.listen(Systems.ANY_PORT, ListenOptions.defaults().withSocket(options)));
    CompletableFuture<TcpStream> accepted = Subscriber.first(executor, listener.connections());
    try (Socket peer = new Socket(address().getAddress(), listener.localAddress().getPort())) {
      TcpStream stream = Systems.get(accepted);
      assertEquals(Errno.ETIMEDOUT, ((IoException) Systems.get(end(stream))).errno());
      assertEnds(stream, TcpStream::close);
      assertThrows(SocketException.class, () -> peer.getInputStream().read());
    }
    Systems.get(listener.close().toCompletionStage());
  }

  @Test
  void aConnectionIsNotGivenAwayWhileItIsConfigured() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults());
    try (Socket peer = server.accept()) {
      assertTrue(peer.isConnected());
      CompletableFuture<CompletionStage<Void>> configured = new CompletableFuture<>();
      CompletableFuture<String> refusal = new CompletableFuture<>();
      Systems.inTurn(
          executor,
          context -> {
            SocketOptions changes = SocketOptions.defaults().withReadTimeout(SHORT);
            configured.complete(stream.configure(changes).toCompletionStage());
            refusal.complete(
                assertThrows(IllegalStateException.class, stream::detach).getMessage());
          });
      assertTrue(Systems.get(refusal).contains("detach before"), Systems.get(refusal));
      Systems.get(Systems.get(configured));
      CompletableFuture<TcpStream> attached = new CompletableFuture<>();
      Systems.inTurn(executor, context -> attached.complete(context.io().attach(stream.detach())));
      CompletionStage<Object> end = end(Systems.get(attached));
      assertEquals(Errno.ETIMEDOUT, ((IoException) Systems.get(end)).errno());
      assertEnds(Systems.get(attached), TcpStream::close);
    }
  }

  @Test
  void settingsGoWithAConnectionToAnotherExecutor() throws IOException {
    TcpStream stream = connect(SocketOptions.defaults().withReadTimeout(SHORT));
    try (Socket peer = server.accept()) {
      assertTrue(peer.isConnected());
      CompletableFuture<TcpStream> attached = new CompletableFuture<>();
      Systems.inTurn(executor, context -> attached.complete(context.io().attach(stream.detach())));
      CompletionStage<Object> end = end(Systems.get(attached));
      assertEquals(Errno.ETIMEDOUT, ((IoException) Systems.get(end)).errno());
      assertEnds(Systems.get(attached), TcpStream::close);
    }
  }

  /** Nobody accepts and the backlog is full: the kernel repeats its first packet for minutes. */
  @Test
  void aConnectTimesOutAndLeavesNothing() throws IOException {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) full.getLocalSocketAddress();
      List<CompletionStage<TcpStream>> connects = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        connects.add(op(address).timeout(Duration.ofMillis(100)).toCompletionStage());
      }
      int timedOut = 0;
      for (CompletionStage<TcpStream> connect : connects) {
        Object outcome = Systems.get(connect.handle(TcpStreamTest::outcome));
        if (outcome instanceof IoException failure) {
          assertEquals(Errno.ETIMEDOUT, failure.errno());
          assertTrue(failure.getMessage().contains(address.toString()), failure.getMessage());
          timedOut++;
        } else {
          assertEnds((TcpStream) outcome, TcpStream::close);
        }
      }
      assertTrue(timedOut > 0, "all were connected");
      Systems.assertAtRest(system);
    }
  }

  private IoOp<TcpStream> op(InetSocketAddress address) {
    CompletableFuture<IoOp<TcpStream>> made = new CompletableFuture<>();
    Systems.inTurn(executor, context -> made.complete(context.io().connect(address)));
    return Systems.get(made);
  }

  private static Object outcome(@Nullable Object value, @Nullable Throwable failure) {
    return failure == null ? value : failure;
  }

  @Test
  void foreignFamiliesAreRefusedAtOnce() {
    InetSocketAddress four = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    InetSocketAddress six = Systems.ipv6Loopback(1);
    Systems.inTurn(
        executor,
        context -> {
          ListenOptions only = ListenOptions.defaults().withFamily(StandardProtocolFamily.INET6);
          assertThrows(IllegalArgumentException.class, () -> context.io().listen(four, only));
          ConnectOptions from = ConnectOptions.defaults().withLocalAddress(six);
          assertThrows(IllegalArgumentException.class, () -> context.io().connect(four, from));
        });
    assertThrows(
        IllegalArgumentException.class,
        () -> ListenOptions.defaults().withFamily(StandardProtocolFamily.UNIX));
  }

  @Test
  void wrongSettingsAreRefusedAtOnce() {
    SocketOptions options = SocketOptions.defaults();
    Duration second = Duration.ofSeconds(1);
    List<Runnable> wrong =
        List.of(
            () -> options.withKeepAlive(Duration.ofMillis(1500), second, 1),
            () -> options.withKeepAlive(second, Duration.ZERO, 1),
            () -> options.withKeepAlive(second, second, 128),
            () -> options.withSendBuffer(0),
            () -> options.withReceiveBuffer(-1),
            () -> options.withOutputLimit(0),
            () -> options.withReadTimeout(Duration.ofMillis(-1)),
            () -> options.withWriteTimeout(Duration.ofMillis(-1)),
            () -> options.withIdleTimeout(Duration.ofMillis(-1)));
    for (Runnable each : wrong) {
      assertThrows(IllegalArgumentException.class, each::run);
    }
    assertEquals(options, SocketOptions.defaults());
    SocketOptions both = options.withNoDelay(true).withIdleTimeout(second);
    assertEquals(both, options.withNoDelay(false).with(both));
  }
}
