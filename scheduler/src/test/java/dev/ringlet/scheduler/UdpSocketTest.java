package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.ConnectOptions;
import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.UdpOptions;
import dev.ringlet.io.UdpSocket;
import dev.ringlet.spi.Errno;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** UDP sockets as users see them. */
@OnBothDrivers
final class UdpSocketTest {
  private final String driver;
  private ActorSystem system;
  private ActorExecutor executor;

  UdpSocketTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool(driver, 1).withReceiveBuffers(16, 4096));
    executor = system.executors().get(0);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private UdpSocket bind(UdpOptions options) {
    return Systems.value(executor, io -> io.bind(Systems.ANY_PORT, options));
  }

  private static void close(UdpSocket socket) {
    Systems.get(socket.close().toCompletionStage());
  }

  /** Sends back what comes, a window of datagrams at a time. */
  private static final class Echo implements Actor<Object> {
    private static final String END = "end";
    private final UdpSocket socket;
    private final int window;
    private final CompletableFuture<Object> end;
    private @Nullable IoSubscription input;

    Echo(UdpSocket socket, int window, CompletableFuture<Object> end) {
      this.socket = socket;
      this.window = window;
      this.end = end;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      input = context.subscribe(socket.receive(), datagram -> datagram, failure -> END, window);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Datagram datagram) {
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

  private void assertEcho(int window) {
    UdpSocket server = bind(UdpOptions.defaults());
    CompletableFuture<Object> end = new CompletableFuture<>();
    executor.spawn(() -> new Echo(server, window, end), ActorOptions.defaults());
    UdpSocket client = bind(UdpOptions.defaults().withRemoteAddress(server.localAddress()));
    assertEquals(server.localAddress(), client.remoteAddress());
    assertNull(server.remoteAddress());
    for (int length = 1; length < 4000; length += 397) {
      CompletableFuture<Datagram> back = Subscriber.first(executor, client.receive());
      assertEquals(length, Systems.get(Systems.send(executor, length, client::send)));
      Datagram datagram = Systems.get(back);
      assertEquals(server.localAddress(), datagram.sender());
      assertEquals(length, datagram.data().readableBytes());
      assertFalse(datagram.truncated());
      datagram.release();
    }
    close(server);
    assertEquals("end", Systems.get(end));
    close(client);
    Systems.assertAtRest(system);
  }

  @Test
  void datagramsComeBackWithSingleShots() {
    assertEcho(1);
  }

  @Test
  void datagramsComeBackWithMultishots() {
    assertEcho(5);
  }

  /** Nobody listens there: what the kernel says of it is no end. */
  @Test
  void aPeerThatIsNotThereEndsNothing() {
    UdpSocket gone = bind(UdpOptions.defaults());
    UdpSocket socket = bind(UdpOptions.defaults().withRemoteAddress(gone.localAddress()));
    close(gone);
    CompletableFuture<Datagram> first = Subscriber.first(executor, socket.receive());
    for (int i = 0; i < 3; i++) {
      Systems.get(Systems.send(executor, 10, socket::send).handle((count, failure) -> "whatever"));
    }
    UdpSocket back =
        Systems.value(executor, io -> io.bind(gone.localAddress(), UdpOptions.defaults()));
    Systems.get(Systems.send(executor, 7, buffer -> back.send(buffer, socket.localAddress())));
    Datagram datagram = Systems.get(first);
    assertEquals(7, datagram.data().readableBytes());
    datagram.release();
    close(back);
    close(socket);
    Systems.assertAtRest(system);
  }

  @Test
  void closeEndsTheStreamAndWhatIsCancelledGivesItsBufferBack() {
    UdpSocket socket = bind(UdpOptions.defaults());
    CompletableFuture<Object> end = Subscriber.all(executor, socket.receive(), Datagram::release);
    CompletionStage<Integer> cancelled =
        Systems.send(
            executor,
            10,
            buffer -> {
              IoOp<Integer> send = socket.send(buffer, socket.localAddress());
              send.cancel();
              return send;
            });
    assertEquals(Errno.ECANCELED, Systems.failure(cancelled).errno());
    close(socket);
    assertEquals("regular end", Systems.get(end));
    close(socket);
    Systems.assertAtRest(system);
  }

  /** More than it asks for is kept, and nothing of it stays when the subscriber has gone. */
  @Test
  void aSubscriberWithoutDemandKeepsNoReceiveBuffers() {
    UdpSocket socket = bind(UdpOptions.defaults());
    CompletableFuture<Object> end =
        Subscriber.some(executor, socket.receive(), 2, Datagram::release);
    for (int i = 0; i < 40; i++) {
      Systems.get(
          Systems.send(executor, 100, buffer -> socket.send(buffer, socket.localAddress())));
    }
    Systems.awaitUntil(() -> system.stats().executors().get(0).io().buffersLent() == 0);
    close(socket);
    assertFalse(end.isCompletedExceptionally());
    system.close();
  }

  @Test
  void wrongUseIsRefusedAtOnce() throws Exception {
    UdpSocket socket = bind(UdpOptions.defaults());
    UdpSocket connected = bind(UdpOptions.defaults().withRemoteAddress(socket.localAddress()));
    InetAddress four = InetAddress.getByAddress(new byte[] {(byte) 239, 1, 1, 1});
    InetAddress unicast = InetAddress.getLoopbackAddress();
    NetworkInterface via = NetworkInterface.getByInetAddress(unicast);
    SocketOptions timeout = SocketOptions.defaults().withReadTimeout(Duration.ofSeconds(1));
    SocketOptions noDelay = SocketOptions.defaults().withNoDelay(true);
    SocketOptions broadcast = SocketOptions.defaults().withBroadcast(true);
    InetSocketAddress six = Systems.ipv6Loopback(1);
    Systems.inTurn(
        executor,
        context -> {
          IoBuffer buffer = context.io().buffer(1);
          assertThrows(IllegalStateException.class, () -> socket.send(buffer));
          assertThrows(
              IllegalArgumentException.class,
              () -> connected.send(buffer, connected.localAddress()));
          assertThrows(
              IllegalArgumentException.class,
              () -> socket.send(buffer, InetSocketAddress.createUnresolved("nowhere", 1)));
          buffer.release();
          assertThrows(IllegalArgumentException.class, () -> socket.join(unicast, via));
          for (SocketOptions wrong : List.of(timeout, noDelay)) {
            assertRefused(context, UdpOptions.defaults().withSocket(wrong));
          }
          assertRefused(context, UdpOptions.defaults().withRemoteAddress(six));
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  context
                      .io()
                      .connect(
                          socket.localAddress(), ConnectOptions.defaults().withSocket(broadcast)));
        });
    Systems.get(socket.join(four, via).toCompletionStage());
    Systems.get(socket.leave(four, via).toCompletionStage());
    close(socket);
    close(connected);
    Systems.assertAtRest(system);
  }

  private static void assertRefused(ActorContext<Object> context, UdpOptions options) {
    assertThrows(
        IllegalArgumentException.class, () -> context.io().bind(Systems.ANY_PORT, options));
  }

  /** As bytes it would be another host of IPv4. */
  @Test
  void anAddressOfIpv6IsRefusedByASocketOfIpv4() {
    UdpSocket socket = bind(UdpOptions.defaults());
    Systems.inTurn(
        executor,
        context -> {
          IoBuffer buffer = context.io().buffer(10).setIndex(0, 10);
          assertThrows(
              IllegalArgumentException.class, () -> socket.send(buffer, Systems.ipv6Loopback(53)));
          buffer.release();
        });
    close(socket);
    Systems.assertAtRest(system);
  }

  @Test
  void aPortInUseIsRefusedWithItsAddress() {
    UdpSocket socket = bind(UdpOptions.defaults());
    CompletableFuture<CompletionStage<UdpSocket>> second = new CompletableFuture<>();
    Systems.inTurn(
        executor,
        context ->
            second.complete(
                context
                    .io()
                    .bind(socket.localAddress(), UdpOptions.defaults())
                    .toCompletionStage()));
    IoException refused = Systems.failure(Systems.get(second));
    assertEquals(Errno.EADDRINUSE, refused.errno());
    assertTrue(refused.getMessage().contains(socket.localAddress().toString()));
    assertTrue(refused.hint().contains("ss -lunp"), refused.hint());
    close(socket);
  }
}
