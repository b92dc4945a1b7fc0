package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left when many connections have come and gone: nothing. */
@OnBothDrivers
final class ManyConnectionsTest {
  /** The state of a listener, as the kernel writes it. */
  private static final String LISTENING = "0A";

  private final String driver;
  private ActorSystem system;
  private ActorExecutor executor;

  ManyConnectionsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool(driver, 1).withReceiveBuffers(64, 4096));
    executor = system.executors().get(0);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ExecutorStats stats() {
    return system.stats().executors().get(0);
  }

  private TcpListener listen() {
    return Systems.value(executor, io -> io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
  }

  private static Socket connect(TcpListener listener) throws IOException {
    InetSocketAddress address = listener.localAddress();
    return new Socket(address.getAddress(), address.getPort());
  }

  private static int descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  @Test
  void connectionsThatWaitInTheBacklogAreAllAccepted() throws IOException {
    int count = 128;
    TcpListener listener = listen();
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(connect(listener));
    }
    List<TcpStream> accepted = new ArrayList<>();
    CompletableFuture<Integer> all = new CompletableFuture<>();
    CompletableFuture<Object> end =
        Subscriber.all(
            executor,
            listener.connections(),
            stream -> {
              accepted.add(stream);
              if (accepted.size() == count) {
                all.complete(count);
              }
            });
    Systems.get(all);
    Systems.get(listener.close().toCompletionStage());
    assertEquals("regular end", Systems.get(end));
    for (TcpStream stream : accepted) {
      Systems.get(stream.close().toCompletionStage());
    }
    for (Socket socket : sockets) {
      assertEquals(-1, socket.getInputStream().read());
      socket.close();
    }
  }

  /** Linux has one more wait than the backlog says, and gives whoever comes then no answer. */
  @Test
  void asManyConnectionsWaitAsTheBacklogSays() throws IOException {
    for (int backlog : new int[] {1, 4}) {
      ListenOptions options = ListenOptions.defaults().withBacklog(backlog);
      TcpListener listener = Systems.value(executor, io -> io.listen(Systems.ANY_PORT, options));
      InetSocketAddress address = listener.localAddress();
      List<Socket> sockets = new ArrayList<>();
      while (sockets.size() <= backlog) {
        sockets.add(connect(listener));
        Systems.awaitUntil(() -> waiting(address) == sockets.size());
      }
      try (Socket tooMany = new Socket()) {
        assertThrows(SocketTimeoutException.class, () -> tooMany.connect(address, 100));
      }
      for (Socket socket : sockets) {
        socket.close();
      }
      Systems.get(listener.close().toCompletionStage());
    }
  }

  /** How many connections the kernel holds for a listener, which it tells as what is unread. */
  private static long waiting(InetSocketAddress listener) throws IOException {
    String port = String.format(":%04X", listener.getPort());
    try (Stream<String> ipv4 = Files.lines(Path.of("/proc/net/tcp"));
        Stream<String> ipv6 = Files.lines(Path.of("/proc/net/tcp6"))) {
      return Stream.concat(ipv4, ipv6)
          .map(line -> line.strip().split("\\s+", 6))
          .filter(columns -> columns[1].endsWith(port) && columns[3].equals(LISTENING))
          .mapToLong(columns -> Long.parseLong(columns[4].split(":", 2)[1], 16))
          .sum();
    }
  }

  /** Echoes, with half closes, regular ends and resets of both sides, in the middle of output. */
  @Test
  void connectionsThatAreResetAtRandomLeaveNothing() throws IOException {
    Random random = new Random(1);
    TcpListener listener = listen();
    CompletableFuture<Object> end = Subscriber.all(executor, listener.connections(), this::echo);
    converse(listener, random); // what is loaded and opened once is there now
    Systems.awaitUntil(() -> stats().io().inFlight() <= 1);
    int before = descriptors();
    for (int i = 0; i < 1000; i++) {
      converse(listener, random);
    }
    Systems.awaitUntil(() -> stats().buffersLent() == 0 && stats().io().buffersLent() == 0);
    Systems.awaitUntil(() -> descriptors() <= before);
    Systems.get(listener.close().toCompletionStage());
    assertEquals("regular end", Systems.get(end));
    Systems.awaitUntil(() -> stats().io().inFlight() == 0);
    assertEquals(0, system.stats().failures());
  }

  private void echo(TcpStream stream) {
    CompletableFuture<Object> input =
        Subscriber.all(executor, stream.receive(), data -> stream.send(data).toCompletionStage());
    var unused = input.thenRun(() -> stream.close().toCompletionStage());
  }

  private static void converse(TcpListener listener, Random random) throws IOException {
    try (Socket socket = connect(listener)) {
      byte[] data = new byte[random.nextInt(10_000)];
      random.nextBytes(data);
      socket.getOutputStream().write(data);
      switch (random.nextInt(4)) {
        case 0 -> socket.setSoLinger(true, 0);
        case 1 -> {
          assertArrayEquals(data, socket.getInputStream().readNBytes(data.length));
          socket.shutdownOutput();
          assertEquals(-1, socket.getInputStream().read());
        }
        case 2 -> {
          byte[] part = socket.getInputStream().readNBytes(data.length / 2);
          assertEquals(data.length / 2, part.length);
          socket.setSoLinger(true, 0);
        }
        default -> {} // a regular end, maybe with echoes on their way
      }
    }
  }

  /** The peer has ended its output and still gets an answer. */
  @Test
  void theOtherDirectionGoesOnAfterAHalfClose() throws IOException {
    TcpListener listener = listen();
    CompletableFuture<TcpStream> accepted = Subscriber.first(executor, listener.connections());
    try (Socket socket = connect(listener)) {
      TcpStream stream = Systems.get(accepted);
      CompletableFuture<Object> end = Subscriber.end(executor, stream.receive());
      socket.shutdownOutput();
      assertEquals("regular end", Systems.get(end));
      CompletableFuture<CompletionStage<Integer>> sent = new CompletableFuture<>();
      Systems.inTurn(
          executor,
          context -> {
            IoBuffer buffer = context.io().buffer(100_000).write(new byte[100_000]);
            sent.complete(stream.send(buffer).toCompletionStage());
          });
      assertEquals(100_000, socket.getInputStream().readNBytes(100_000).length);
      assertEquals(100_000, Systems.get(Systems.get(sent)));
      Systems.get(stream.shutdownOutput().toCompletionStage());
      assertEquals(-1, socket.getInputStream().read());
      Systems.get(stream.close().toCompletionStage());
    }
    Systems.get(listener.close().toCompletionStage());
  }

  /** Operations that are cancelled before, at and after their start. */
  @Test
  void cancelledConnectsAndListensLeaveNothing() {
    TcpListener listener = listen();
    int before = descriptors();
    List<CompletionStage<TcpStream>> connects = new ArrayList<>();
    List<CompletionStage<TcpListener>> listens = new ArrayList<>();
    Systems.inTurn(
        executor,
        context -> {
          for (int i = 0; i < 50; i++) {
            IoOp<TcpStream> connect = context.io().connect(listener.localAddress());
            IoOp<TcpListener> listen =
                context.io().listen(Systems.ANY_PORT, ListenOptions.defaults());
            if (i % 3 == 0) {
              connect.cancel();
              listen.cancel();
            }
            connects.add(connect.toCompletionStage());
            listens.add(listen.toCompletionStage());
            if (i % 3 == 1) {
              connect.cancel();
              listen.cancel();
            }
          }
        });
    int connected = 0;
    for (CompletionStage<TcpStream> connect : connects) {
      TcpStream stream = Systems.get(connect.exceptionally(failure -> null));
      if (stream != null) {
        connected++;
        Systems.get(stream.close().toCompletionStage());
      }
    }
    for (CompletionStage<TcpListener> listen : listens) {
      TcpListener opened = Systems.get(listen.exceptionally(failure -> null));
      if (opened != null) {
        Systems.get(opened.close().toCompletionStage());
      }
    }
    assertTrue(connected >= 16, "connected " + connected);
    Systems.awaitUntil(() -> descriptors() <= before && stats().io().inFlight() == 0);
    Systems.get(listener.close().toCompletionStage());
  }
}
