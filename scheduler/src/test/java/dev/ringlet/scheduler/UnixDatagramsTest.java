package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixDatagram;
import dev.ringlet.io.UnixDatagramOptions;
import dev.ringlet.io.UnixDatagramSocket;
import dev.ringlet.spi.Errno;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Datagram sockets of the Unix domain as users see them, on the driver that has them; {@link
 * UnixMisuseTest} and {@link NioRefusalsTest} have what the other one does.
 */
final class UnixDatagramsTest {
  private ActorSystem system;
  private ActorExecutor executor;

  @TempDir Path directory;

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool("uring", 1).withReceiveBuffers(16, 4096));
    executor = system.executors().get(0);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private UnixAddress address(String name) {
    return UnixAddress.of(directory.resolve(name));
  }

  private UnixDatagramSocket bind(String name, UnixDatagramOptions options) {
    return Systems.value(executor, io -> io.bind(address(name), options));
  }

  private UnixDatagramSocket bind(String name) {
    return bind(name, UnixDatagramOptions.defaults());
  }

  private static void close(UnixDatagramSocket socket) {
    Systems.get(socket.close().toCompletionStage());
  }

  /** Sends back what comes, a window of datagrams at a time. */
  private static final class Echo implements Actor<Object> {
    private static final String END = "end";
    private final UnixDatagramSocket socket;
    private final CompletableFuture<Object> end;
    private @Nullable IoSubscription input;

    Echo(UnixDatagramSocket socket, CompletableFuture<Object> end) {
      this.socket = socket;
      this.end = end;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      input = context.subscribe(socket.receive(), datagram -> datagram, failure -> END, 3);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof UnixDatagram datagram) {
        context.pipe(
            socket.send(datagram.data(), datagram.sender()),
            (count, failure) -> failure == null ? count : failure);
      } else if (message == END) {
        end.complete(END);
        context.stop();
      } else {
        input.request(1);
      }
    }
  }

  @Test
  void datagramsGoThereAndBack() {
    UnixDatagramSocket server = bind("server");
    CompletableFuture<Object> end = new CompletableFuture<>();
    executor.spawn(() -> new Echo(server, end), ActorOptions.defaults());
    UnixDatagramSocket client =
        bind("client", UnixDatagramOptions.defaults().withRemoteAddress(server.localAddress()));
    assertEquals(address("server"), client.remoteAddress());
    assertNull(server.remoteAddress());
    for (int length = 0; length < 3900; length += 390) {
      CompletableFuture<UnixDatagram> back = Subscriber.first(executor, client.receive());
      assertEquals(length, Systems.get(Systems.send(executor, length, client::send)));
      UnixDatagram datagram = Systems.get(back);
      assertEquals(address("server"), datagram.sender());
      assertEquals(length, datagram.data().readableBytes());
      assertFalse(datagram.truncated());
      datagram.release();
    }
    close(server);
    assertEquals("end", Systems.get(end));
    close(client);
    close(client);
    Systems.assertAtRest(system);
  }

  /** What nobody has asked for waits, and nothing of it is lost or changes its place. */
  @Test
  void aReceiverThatIsFullHoldsSendersBack() {
    UnixDatagramSocket server = bind("server");
    UnixDatagramSocket client = bind("client");
    List<CompletionStage<Integer>> sends = new ArrayList<>();
    int count = 300;
    for (int i = 0; i < count; i++) {
      int length = i;
      sends.add(
          Systems.send(executor, length, buffer -> client.send(buffer, server.localAddress())));
    }
    CompletionStage<Integer> late =
        Systems.send(
            executor,
            1,
            buffer -> client.send(buffer, address("server")).timeout(Duration.ofMillis(30)));
    assertEquals(Errno.ETIMEDOUT, Systems.failure(late).errno());
    boolean[] seen = new boolean[count];
    CompletableFuture<Void> all = new CompletableFuture<>();
    int[] left = {count};
    var unused =
        Subscriber.all(
            executor,
            server.receive(),
            datagram -> {
              assertFalse(seen[datagram.data().readableBytes()], "twice");
              seen[datagram.data().readableBytes()] = true;
              datagram.release();
              if (--left[0] == 0) {
                all.complete(null);
              }
            });
    Systems.get(all);
    for (int i = 0; i < count; i++) {
      assertEquals(i, Systems.get(sends.get(i)));
    }
    close(server);
    close(client);
    Systems.assertAtRest(system);
  }

  @Test
  void aCloseEndsWhatAFullReceiverHoldsBack() {
    UnixDatagramSocket server = bind("server");
    UnixDatagramSocket client = bind("client");
    List<CompletionStage<Integer>> sends = new ArrayList<>();
    int count = 300;
    for (int i = 0; i < count; i++) {
      sends.add(Systems.send(executor, 1, buffer -> client.send(buffer, server.localAddress())));
    }
    close(client);
    assertEquals(Errno.ECANCELED, Systems.failure(sends.get(count - 1)).errno());
    for (CompletionStage<Integer> send : sends) {
      Throwable failure = Systems.get(send.handle((value, thrown) -> thrown));
      if (failure instanceof IoException held) {
        assertEquals(Errno.ECANCELED, held.errno());
      }
    }
    Systems.inTurn(executor, context -> assertEquals(0, client.pendingBytes()));
    close(server);
    Systems.assertAtRest(system);
  }

  @Test
  void sendsBeyondTheLimitAreRefused() {
    SocketOptions limited = SocketOptions.defaults().withOutputLimit(3000);
    UnixDatagramSocket server = bind("server");
    UnixDatagramSocket client =
        bind(
            "client",
            UnixDatagramOptions.defaults()
                .withSocket(limited)
                .withRemoteAddress(server.localAddress()));
    List<CompletionStage<Integer>> sends = new ArrayList<>();
    Systems.inTurn(
        executor,
        context -> {
          for (int i = 0; i < 5; i++) {
            IoBuffer buffer = context.io().buffer(100).setIndex(0, 100);
            sends.add(client.send(buffer).toCompletionStage());
          }
          assertEquals(2 * 1124, client.pendingBytes());
        });
    assertEquals(Errno.ENOBUFS, Systems.failure(sends.get(4)).errno());
    assertEquals(100, Systems.get(sends.get(0)));
    close(server);
    close(client);
    Systems.assertAtRest(system);
  }

  @Test
  void whomItSendsToIsCheckedAtOnce() {
    UnixDatagramSocket alone = bind("alone");
    UnixDatagramSocket connected =
        bind("connected", UnixDatagramOptions.defaults().withRemoteAddress(address("alone")));
    Systems.inTurn(
        executor,
        context -> {
          IoBuffer buffer = context.io().buffer(1).setIndex(0, 1);
          assertThrows(IllegalStateException.class, () -> alone.send(buffer));
          assertThrows(
              IllegalArgumentException.class, () -> connected.send(buffer, address("other")));
          buffer.release();
        });
    close(alone);
    close(connected);
    Systems.assertAtRest(system);
  }
}
