package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.NameResolver;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connecting to a host by name: which address is taken, what is told, what is left behind. */
@OnBothDrivers
final class NamesTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final String driver;
  private final InetAddress first = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  private final InetAddress second = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
  private ActorSystem system;
  private long descriptors;

  NamesTest(String driver) throws UnknownHostException {
    this.driver = driver;
  }

  @BeforeEach
  void count() throws IOException {
    // The JDK keeps one for itself, from the first socket on.
    new ServerSocket(0, 1, first).close();
    descriptors = Descriptors.sockets();
  }

  @AfterEach
  void close() {
    system.close();
    Systems.awaitUntil(() -> Descriptors.sockets() == descriptors);
  }

  private void open(NameResolver resolver, Duration delay) {
    system =
        ActorSystem.create(
            "test",
            Systems.pool(driver, 1).withNameResolver(resolver).withConnectAttemptDelay(delay));
  }

  private ActorExecutor executor() {
    return system.executors().get(0);
  }

  /** Begins an operation in a turn. */
  private <T> IoOp<T> begin(Function<Io, IoOp<T>> operation, CompletableFuture<T> outcome) {
    CompletableFuture<IoOp<T>> begun = new CompletableFuture<>();
    Systems.inTurn(
        executor(),
        context -> {
          IoOp<T> op = operation.apply(context.io());
          CompletionStage<T> stage = op.toCompletionStage();
          var unused =
              stage.whenComplete(
                  (value, failure) -> {
                    if (failure == null) {
                      outcome.complete(value);
                    } else {
                      outcome.completeExceptionally(failure);
                    }
                  });
          begun.complete(op);
        });
    return Systems.get(begun);
  }

  private static IoException failure(CompletableFuture<?> outcome) {
    return assertInstanceOf(
        IoException.class, Systems.get(outcome.handle((value, thrown) -> thrown)));
  }

  private IoException failureOf(String host, int port) {
    CompletableFuture<TcpStream> outcome = new CompletableFuture<>();
    begin(io -> io.connect(host, port), outcome);
    return failure(outcome);
  }

  private int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, first)) {
      return socket.getLocalPort();
    }
  }

  private InetSocketAddress remote(TcpStream stream) {
    CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
    Systems.inTurn(executor(), context -> address.complete(stream.remoteAddress()));
    return Systems.get(address);
  }

  private void closeStream(TcpStream stream) {
    Systems.value(executor(), io -> stream.close());
  }

  @Test
  void aNameLeadsToItsAddress() throws IOException {
    open(NameResolver.system(), LONG);
    try (ServerSocket server = new ServerSocket(0, 1, first)) {
      TcpStream stream =
          Systems.value(executor(), io -> io.connect("localhost", server.getLocalPort()));
      assertEquals(server.getLocalSocketAddress(), remote(stream));
      closeStream(stream);
      stream = Systems.value(executor(), io -> io.connect("127.0.0.1", server.getLocalPort()));
      assertEquals(server.getLocalSocketAddress(), remote(stream));
      closeStream(stream);
    }
  }

  /** At once: the delay is for addresses that do not answer. */
  @Test
  void anAddressThatRefusesGivesWayToTheNext() throws IOException {
    open(host -> List.of(first, second), LONG);
    try (ServerSocket server = new ServerSocket(0, 1, second)) {
      TcpStream stream =
          Systems.value(
              executor(),
              io ->
                  io.connect("service.example", server.getLocalPort()).timeout(LONG.dividedBy(2)));
      assertEquals(server.getLocalSocketAddress(), remote(stream));
      closeStream(stream);
    }
  }

  @Test
  void anAddressThatDoesNotAnswerIsOvertakenAfterTheDelay() throws IOException {
    open(host -> List.of(first, second), SHORT);
    try (FullListener hanging = new FullListener(first);
        ServerSocket server = new ServerSocket(hanging.port(), 1, second)) {
      long begin = System.nanoTime();
      TcpStream stream =
          Systems.value(executor(), io -> io.connect("service.example", hanging.port()));
      assertTrue(System.nanoTime() - begin >= SHORT.toNanos(), "it had no head start");
      assertEquals(server.getLocalSocketAddress(), remote(stream));
      closeStream(stream);
    }
  }

  @Test
  void ifNoAddressAnswersTheFailureNamesEach() throws IOException {
    open(host -> List.of(first, second), LONG);
    int port = unusedPort();
    IoException failure = failureOf("service.example", port);
    assertEquals(Errno.ECONNREFUSED, failure.errno());
    assertEquals("connect", failure.operation());
    assertEquals("service.example:" + port, failure.subject());
    assertEquals(2, failure.getSuppressed().length);
    String message = failure.getMessage();
    assertTrue(message.contains("/127.0.0.1:" + port + ": ECONNREFUSED"), message);
    assertTrue(message.contains("/127.0.0.2:" + port + ": ECONNREFUSED"), message);
  }

  @Test
  void anUnknownHostIsNamed() {
    UnknownHostException unknown = new UnknownHostException("nowhere.invalid: no such name");
    open(
        host -> {
          throw unknown;
        },
        LONG);
    IoException failure = failureOf("nowhere.invalid", 443);
    assertEquals("connect nowhere.invalid:443: the host is unknown", failure.getMessage());
    assertEquals(unknown, failure.getCause());
    assertEquals(Errno.EHOSTUNREACH, failure.errno());
  }

  @Test
  void aResolverThatFindsNothingOrFailsIsTold() {
    open(
        host -> {
          if (host.equals("broken.example")) {
            throw new IllegalStateException("the registry is down");
          }
          return List.of();
        },
        LONG);
    assertTrue(failureOf("empty.example", 1).getMessage().contains("the host is unknown"));
    IoException broken = failureOf("broken.example", 1);
    assertTrue(broken.getMessage().contains("the registry is down"), broken.getMessage());
    assertFalse(broken.isCancelled());
  }

  @Test
  void whatCannotBeAHostOrPortIsRefusedAtOnce() {
    open(NameResolver.system(), LONG);
    Systems.inTurn(
        executor(),
        context -> {
          Io io = context.io();
          assertThrows(IllegalArgumentException.class, () -> io.connect("", 80));
          assertThrows(IllegalArgumentException.class, () -> io.connect("localhost", 0));
          assertThrows(IllegalArgumentException.class, () -> io.connect("localhost", 65536));
        });
  }

  /** A resolver that waits in the way that DNS does. */
  private static final class SlowResolver implements NameResolver {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch answers = new CountDownLatch(1);
    private final List<InetAddress> answer;

    SlowResolver(InetAddress... answer) {
      this.answer = List.of(answer);
    }

    @Override
    public List<InetAddress> resolve(String host) throws IOException {
      asked.countDown();
      try {
        answers.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return answer;
    }
  }

  @Test
  void itCanBeCancelledWhileTheNameIsLookedUp() throws Exception {
    SlowResolver resolver = new SlowResolver(first);
    open(resolver, LONG);
    CompletableFuture<TcpStream> outcome = new CompletableFuture<>();
    try (ServerSocket server = new ServerSocket(0, 1, first)) {
      IoOp<TcpStream> connect =
          begin(io -> io.connect("slow.example", server.getLocalPort()), outcome);
      resolver.asked.await();
      connect.cancel();
      assertTrue(failure(outcome).isCancelled());
      resolver.answers.countDown();
      Systems.awaitUntil(() -> system.stats().offloadRunning() == 0);
      assertEquals(descriptors + 1, Descriptors.sockets());
    }
  }

  @Test
  void itCanBeCancelledBeforeItBegins() {
    open(
        host -> {
          throw new AssertionError("nobody wants to know");
        },
        LONG);
    CompletableFuture<TcpStream> outcome = new CompletableFuture<>();
    begin(
        io -> {
          IoOp<TcpStream> connect = io.connect("service.example", 80);
          connect.cancel();
          return connect;
        },
        outcome);
    assertTrue(failure(outcome).isCancelled());
  }

  @Test
  void itCanBeCancelledWhileItConnects() throws IOException {
    open(host -> List.of(first, second), SHORT);
    try (FullListener hanging = new FullListener(first)) {
      CompletableFuture<TcpStream> outcome = new CompletableFuture<>();
      long before = Descriptors.sockets();
      IoOp<TcpStream> connect = begin(io -> io.connect("service.example", hanging.port()), outcome);
      Systems.awaitUntil(() -> Descriptors.sockets() > before);
      connect.cancel();
      assertTrue(failure(outcome).isCancelled());
      Systems.awaitUntil(() -> Descriptors.sockets() == before);
    }
  }

  @Test
  void aTimeoutTellsWhatWasTried() throws IOException {
    open(host -> List.of(second, first), LONG);
    try (FullListener hanging = new FullListener(first)) {
      long before = Descriptors.sockets();
      CompletableFuture<TcpStream> outcome = new CompletableFuture<>();
      begin(io -> io.connect("service.example", hanging.port()).timeout(SHORT), outcome);
      IoException failure = failure(outcome);
      assertEquals(Errno.ETIMEDOUT, failure.errno());
      assertTrue(
          failure.getMessage().contains("/127.0.0.2:" + hanging.port() + ": ECONNREFUSED"),
          failure.getMessage());
      Systems.awaitUntil(() -> Descriptors.sockets() == before);
    }
  }

  @Test
  void whatAnActorHasBegunEndsWithIt() throws Exception {
    open(host -> List.of(first), LONG);
    try (FullListener hanging = new FullListener(first)) {
      long before = Descriptors.sockets();
      ActorRef<Object> actor =
          system.spawn(() -> new Connecting(hanging.port()), ActorOptions.defaults());
      Systems.awaitUntil(() -> Descriptors.sockets() > before);
      actor.tell("stop");
      Systems.awaitUntil(() -> Descriptors.sockets() == before);
    }
  }

  private record Connecting(int port) implements Actor<Object> {
    @Override
    public void preStart(ActorContext<Object> context) {
      context.pipe(
          context.io().connect("service.example", port),
          (stream, failure) -> failure == null ? stream : failure);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      context.stop();
    }
  }

  @Test
  void theSystemsEndEndsALookup() throws Exception {
    SlowResolver resolver = new SlowResolver(first);
    open(resolver, LONG);
    CompletableFuture<TcpStream> outcome = new CompletableFuture<>();
    begin(io -> io.connect("slow.example", 80), outcome);
    resolver.asked.await();
    system.close();
    assertTrue(failure(outcome).isCancelled());
  }

  @Test
  void manyConnectionsLeaveNothingBehind() throws IOException {
    open(host -> List.of(first, second), LONG);
    try (ServerSocket server = new ServerSocket(0, 100, second)) {
      int port = server.getLocalPort();
      for (int i = 0; i < 50; i++) {
        TcpStream stream = Systems.value(executor(), io -> io.connect("service.example", port));
        server.accept().close();
        closeStream(stream);
      }
      Systems.awaitUntil(() -> Descriptors.sockets() == descriptors + 1);
      assertEquals(new InetSocketAddress(second, port), server.getLocalSocketAddress());
    }
  }
}
