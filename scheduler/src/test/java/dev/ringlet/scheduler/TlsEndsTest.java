package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.io.IoException;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.TlsException;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How TLS connections end: regularly, cut off, too late, cancelled; nothing stays behind. */
@OnBothDrivers
final class TlsEndsTest extends TlsTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  TlsEndsTest(String driver) {
    super(driver);
  }

  private static SSLSocket over(Socket raw) throws IOException {
    return (SSLSocket)
        TlsRig.CLIENT.getSocketFactory().createSocket(raw, "a.example", raw.getPort(), false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aCloseIsAnnounced(String protocol) throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client().withProtocols(protocol));
    TlsStream server = rig.acceptedStream();
    TlsRig.Collector collector = rig.collect(server, 10);
    rig.send(client, new byte[100_000]);
    rig.close(client);
    assertEquals(100_000, collector.regularEnd().length);
    rig.close(server);
    rig.close(server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anEndThatWasNotAnnouncedIsAFailure(String protocol) throws Exception {
    int port = rig.serve(TlsRig.server());
    try (Socket raw = new Socket(TlsRig.HERE, port)) {
      SSLSocket socket = over(raw);
      socket.setEnabledProtocols(new String[] {protocol});
      socket.getOutputStream().write(new byte[1000]);
      TlsStream server = rig.acceptedStream();
      TlsRig.Collector collector = rig.collect(server, 10);
      collector.awaitBytes(1000);
      raw.shutdownOutput();
      IoException failure = collector.failure();
      assertInstanceOf(TlsException.class, failure);
      assertTrue(failure.getMessage().contains("without close_notify"), failure.getMessage());
      IoException send = rig.begin(io -> server.send(io.buffer(1))).failure();
      assertEquals(Errno.EPROTO, send.errno());
      rig.close(server);
    }
  }

  /** Only with TLS 1.3 is it one direction that ends. */
  @Test
  void receivingGoesOnAfterTheOwnEnd() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    expectReceivingToGoOnAfterTheOwnEnd(client, rig.acceptedStream());
  }

  @Test
  void withTls12ThePeersEndEndsTheOwnOutput() throws Exception {
    int port = rig.serve(TlsRig.server().withProtocols("TLSv1.2"));
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsStream server = rig.acceptedStream();
    TlsRig.Collector atServer = rig.collect(server, 1);
    TlsRig.Collector atClient = rig.collect(client, 1);
    Systems.value(rig.executor(), io -> client.shutdownOutput());
    assertEquals(0, atServer.regularEnd().length);
    assertEquals(0, atClient.regularEnd().length);
    IoException late = rig.begin(io -> server.send(io.buffer(1).write(new byte[1]))).failure();
    assertEquals(Errno.EPIPE, late.errno());
    rig.close(client);
    rig.close(server);
  }

  @Test
  void aPeerThatClosesDuringTheHandshakeIsNamed() throws Exception {
    int port = rig.serve(TlsRig.server());
    try (Socket raw = new Socket(TlsRig.HERE, port)) {
      // The header of a record, and not all of it.
      raw.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1, 0});
      raw.shutdownOutput();
      IoException failure = rig.acceptFailure();
      assertInstanceOf(TlsException.class, failure);
      String message = failure.getMessage();
      assertTrue(message.contains("closed the connection during the handshake"), message);
      assertTrue(message.contains(String.valueOf(raw.getLocalPort())), message);
    }
  }

  @Test
  void aHandshakeDoesNotTakeForEver() throws Exception {
    int port = rig.serve(TlsRig.server().withHandshakeTimeout(SHORT));
    try (Socket raw = new Socket(TlsRig.HERE, port)) {
      assertEquals(Errno.ETIMEDOUT, rig.acceptFailure().errno());
      assertEquals(-1, raw.getInputStream().read());
    }
    try (ServerSocket silent = new ServerSocket(0, 1, TlsRig.HERE)) {
      TcpStream tcp = rig.tcp(silent.getLocalPort());
      IoException failure = rig.begin(io -> io.tls(tcp, TlsRig.client()).timeout(SHORT)).failure();
      assertEquals(Errno.ETIMEDOUT, failure.errno());
      try (Socket accepted = silent.accept()) {
        assertTrue(accepted.getInputStream().readAllBytes().length > 0);
      }
    }
  }

  @Test
  void aHandshakeCanBeCancelled() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, TlsRig.HERE)) {
      TlsRig.Begun<TlsStream> handshake = rig.handshake(silent.getLocalPort(), TlsRig.client());
      try (Socket accepted = silent.accept()) {
        assertTrue(accepted.getInputStream().read() >= 0);
        handshake.op().cancel();
        assertTrue(handshake.failure().isCancelled());
        assertTrue(accepted.getInputStream().readAllBytes().length > 0);
      }
      TcpStream tcp = rig.tcp(silent.getLocalPort());
      TlsRig.Begun<TlsStream> early =
          rig.begin(
              io -> {
                var op = io.tls(tcp, TlsRig.client());
                op.cancel();
                return op;
              });
      assertTrue(early.failure().isCancelled());
      try (Socket accepted = silent.accept()) {
        assertEquals(-1, accepted.getInputStream().read());
      }
    }
  }

  /** The failure is the operation's: nothing is thrown at whoever begins it. */
  @Test
  void aConnectionThatIsGoneFailsTheHandshake() throws Exception {
    CompletableFuture<TcpStream> accepted = new CompletableFuture<>();
    InetSocketAddress address =
        Systems.listen(rig.executor(), (stream, context) -> accepted.complete(stream));
    try (Socket raw = new Socket(TlsRig.HERE, address.getPort())) {
      raw.setSoLinger(true, 0);
    }
    TcpStream reset = Systems.get(accepted);
    // With that it has arrived, and the kernel has forgotten the peer's address.
    assertEquals(Errno.ECONNRESET, rig.begin(io -> reset.peek(1)).failure().errno());
    IoException failure = rig.begin(io -> io.tls(reset, TlsRig.server())).failure();
    assertEquals("TLS handshake", failure.operation());
    TcpStream closed = rig.tcp(address.getPort());
    Systems.value(rig.executor(), io -> closed.close());
    assertEquals(Errno.EBADF, rig.begin(io -> io.tls(closed, TlsRig.client())).failure().errno());
    TcpStream left = rig.tcp(address.getPort());
    CompletableFuture<DetachedTcpStream> detached = new CompletableFuture<>();
    Systems.inTurn(rig.executor(), context -> detached.complete(left.detach()));
    assertEquals(Errno.EBADF, rig.begin(io -> io.tls(left, TlsRig.client())).failure().errno());
    DetachedTcpStream away = Systems.get(detached);
    Systems.value(rig.executor(), io -> io.attach(away).close());
  }

  @Test
  void aSendThatIsCutShortBreaksTheOutput() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsStream server = rig.acceptedStream();
    int much = 32 << 20;
    long before = rig.stats().io().submitted();
    TlsRig.Begun<Integer> send = rig.begin(io -> client.send(io.buffer(much).setIndex(0, much)));
    Systems.awaitUntil(() -> rig.stats().io().submitted() > before);
    send.op().cancel();
    assertTrue(send.failure().isCancelled());
    IoException late = rig.begin(io -> client.send(io.buffer(1).write(new byte[1]))).failure();
    assertEquals(Errno.EPIPE, late.errno());
    rig.close(client);
    // Cut off or reset: never a regular end.
    IoException cut = rig.collect(server, 100).failure();
    assertEquals("TLS receive", cut.operation());
    rig.close(server);
  }

  /** A peer that does not read holds up a close only so long. */
  @Test
  void closeEndsWhatIsUnderWay() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsStream server = rig.acceptedStream();
    int much = 32 << 20;
    TlsRig.Collector collector = rig.collect(client, 1);
    TlsRig.Begun<Integer> first = rig.begin(io -> client.send(io.buffer(much).setIndex(0, much)));
    TlsRig.Begun<Integer> second = rig.begin(io -> client.send(io.buffer(1).setIndex(0, 1)));
    rig.close(client);
    assertTrue(first.failure().isCancelled());
    assertTrue(second.failure().isCancelled());
    assertEquals(0, collector.regularEnd().length);
    // What is missing is not announced as an end.
    assertEquals("TLS receive", rig.collect(server, 100).failure().operation());
    rig.close(server);
  }

  @Test
  void whatIsSecuredStaysWhereItIs() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    assertThrows(IllegalStateException.class, client::detach);
    rig.close(client);
    rig.close(rig.acceptedStream());
  }

  /** TLS is spoken on any stream, also on a secured one. */
  @Test
  void tlsGoesThroughTls() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream outerClient = rig.connect(port, TlsRig.client());
    TlsStream outerServer = rig.acceptedStream();
    TlsRig.Begun<TlsStream> accept = rig.begin(io -> io.tls(outerServer, TlsRig.server()));
    TlsRig.Begun<TlsStream> connect = rig.begin(io -> io.tls(outerClient, TlsRig.client()));
    TlsStream client = connect.value();
    TlsStream server = accept.value();
    TlsRig.Collector collector = rig.collect(server, 3);
    rig.send(client, new byte[300_000]);
    rig.close(client);
    assertEquals(300_000, collector.regularEnd().length);
    rig.close(server);
  }

  @Test
  void theSystemsEndEndsAHandshake() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, TlsRig.HERE);
        TlsRig ending = new TlsRig(driver)) {
      TlsRig.Begun<TlsStream> handshake = ending.handshake(silent.getLocalPort(), TlsRig.client());
      ending.system.close();
      assertTrue(handshake.failure().isCancelled());
    }
  }

  @Test
  void manyConnectionsLeaveNothingBehind() throws Exception {
    int port = rig.serveEcho(TlsRig.server(), 2);
    long before = Descriptors.sockets();
    TlsOptions options = TlsRig.client();
    for (int round = 0; round < 5; round++) {
      List<TlsRig.Begun<TlsStream>> handshakes = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        handshakes.add(rig.begin(io -> io.connectTls("localhost", port, options)));
      }
      for (TlsRig.Begun<TlsStream> handshake : handshakes) {
        TlsStream client = handshake.value();
        TlsRig.Collector collector = rig.collect(client, 1);
        rig.send(client, new byte[100]);
        collector.awaitBytes(100);
        rig.close(client);
      }
    }
    Systems.awaitUntil(() -> Descriptors.sockets() == before);
  }
}
