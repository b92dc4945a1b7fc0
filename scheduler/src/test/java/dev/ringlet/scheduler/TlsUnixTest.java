package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TlsException;
import dev.ringlet.io.TlsOptions;
import dev.ringlet.io.TlsStream;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS over connections that are not TCP's. */
@OnBothDrivers
final class TlsUnixTest extends TlsTest {
  /** About the lengths of records and buffers. */
  private static final int[] LENGTHS = {1, 2, 255, 4096, 16_383, 16_384, 16_385, 65_536, 300_000};

  private static final String REGULAR_END = "regular end";

  @TempDir Path directory;

  TlsUnixTest(String driver) {
    super(driver);
  }

  private Path socket() {
    return directory.resolve("socket");
  }

  private TlsRig.Unix secure() {
    return rig.secure(socket(), TlsRig.client(), TlsRig.server());
  }

  private UnixPair plain() {
    return UnixPair.open(rig.executor(), socket());
  }

  private CompletableFuture<Object> end(UnixPair pair) {
    return Subscriber.end(rig.executor(), pair.near().receive());
  }

  private void assertTells(String expected, IoException failure) {
    assertInstanceOf(TlsException.class, failure, failure.getMessage());
    assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    assertTrue(failure.getMessage().contains("unix:" + socket()), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whatIsSentComesBack(String protocol) {
    TlsOptions options = TlsRig.client().withProtocols(protocol);
    TlsRig.Unix ends = rig.secure(socket(), options, TlsRig.server());
    TlsStream client = ends.client();
    TlsStream server = ends.server();
    assertEquals(protocol, client.protocol());
    rig.system.spawn(() -> new TlsEcho(server, 3), ActorOptions.defaults());
    TlsRig.Collector back = rig.collect(client, 1);
    byte[] data = random(2 << 20);
    int at = 0;
    for (int length : LENGTHS) {
      rig.send(client, Arrays.copyOfRange(data, at, at + length));
      at += length;
    }
    byte[] rest = Arrays.copyOfRange(data, at, data.length);
    rig.system.spawn(() -> new TlsSender(client, rest), ActorOptions.defaults());
    back.awaitBytes(data.length);
    rig.close(client);
    assertArrayEquals(data, back.regularEnd());
  }

  @Test
  void withoutDemandNothingIsRead() {
    TlsRig.Unix ends = secure();
    TlsStream client = ends.client();
    TlsStream server = ends.server();
    byte[] data = random(4 << 20);
    TlsRig.Begun<Integer> send = rig.begin(io -> client.send(io.buffer(data.length).write(data)));
    IoBuffer first = Systems.get(Subscriber.first(rig.executor(), server.receive()));
    byte[] head = FileRig.take(first);
    assertTrue(head.length <= 16 * 1024, "more than a record: " + head.length);
    Systems.awaitUntil(() -> rig.stats().io().buffersLent() == 0);
    assertFalse(send.outcome().isDone(), "nobody has read it, and it was all sent");
    TlsRig.Collector rest = rig.collect(server, 1);
    assertEquals(data.length, send.value());
    rig.close(client);
    assertArrayEquals(head, Arrays.copyOf(data, head.length));
    assertArrayEquals(Arrays.copyOfRange(data, head.length, data.length), rest.regularEnd());
    rig.close(server);
  }

  @Test
  void receivingGoesOnAfterTheOwnEnd() {
    TlsRig.Unix ends = secure();
    expectReceivingToGoOnAfterTheOwnEnd(ends.client(), ends.server());
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    TlsOptions options = TlsRig.client().withPeer("c.example", 1);
    TlsRig.Unix ends = rig.secure(socket(), options, TlsRig.server());
    IoException failure = ends.connect().failure();
    assertTells("No subject alternative DNS name matching c.example found", failure);
    assertTells("c.example at unix:", failure);
    assertTells("certificate_unknown", ends.accept().failure());
  }

  @Test
  void plainTextIsNoTls() {
    UnixPair pair = plain();
    CompletableFuture<Object> end = end(pair);
    TlsRig.Begun<TlsStream> accept = rig.begin(io -> io.tls(pair.far(), TlsRig.server()));
    byte[] text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    Systems.value(rig.executor(), io -> pair.near().send(io.buffer(text.length).write(text)));
    assertTells("SSL message", accept.failure());
    assertEquals(REGULAR_END, Systems.get(end));
    pair.close();
  }

  @Test
  void aPeerThatClosesDuringTheHandshakeIsNamed() {
    UnixPair pair = plain();
    TlsRig.Begun<TlsStream> accept = rig.begin(io -> io.tls(pair.far(), TlsRig.server()));
    // The header of a record, and not all of it.
    byte[] begun = {22, 3, 1, 2, 0, 1, 0};
    Systems.value(rig.executor(), io -> pair.near().send(io.buffer(begun.length).write(begun)));
    Systems.value(rig.executor(), io -> pair.near().close());
    assertTells("closed the connection during the handshake", accept.failure());
  }

  /** With that the connection is closed. */
  @Test
  void aHandshakeThatIsNotAnsweredEnds() {
    UnixPair late = plain();
    CompletableFuture<Object> lateEnd = end(late);
    TlsOptions impatient = TlsRig.server().withHandshakeTimeout(Duration.ofMillis(50));
    TlsRig.Begun<TlsStream> timed = rig.begin(io -> io.tls(late.far(), impatient));
    assertEquals(Errno.ETIMEDOUT, timed.failure().errno());
    assertEquals(REGULAR_END, Systems.get(lateEnd));
    late.close();
    UnixPair called = UnixPair.open(rig.executor(), directory.resolve("other"));
    TlsRig.Begun<TlsStream> back = rig.begin(io -> io.tls(called.far(), TlsRig.client()));
    IoBuffer hello = Systems.get(Subscriber.first(rig.executor(), called.near().receive()));
    assertEquals(22, FileRig.take(hello)[0]);
    back.op().cancel();
    assertTrue(back.failure().isCancelled());
    assertEquals(REGULAR_END, Systems.get(end(called)));
    called.close();
  }

  @Test
  void closeEndsWhatIsUnderWay() {
    TlsRig.Unix ends = secure();
    TlsStream client = ends.client();
    TlsStream server = ends.server();
    int much = 4 << 20;
    TlsRig.Collector collector = rig.collect(client, 1);
    TlsRig.Begun<Integer> first = rig.begin(io -> client.send(io.buffer(much).setIndex(0, much)));
    TlsRig.Begun<Integer> second = rig.begin(io -> client.send(io.buffer(1).setIndex(0, 1)));
    rig.close(client);
    assertTrue(first.failure().isCancelled());
    assertTrue(second.failure().isCancelled());
    assertEquals(0, collector.regularEnd().length);
    assertEquals("TLS receive", rig.collect(server, 100).failure().operation());
    rig.close(server);
  }

  /** There is no reset; the end that TLS does not announce is as bad. */
  @Test
  void anAbortIsNoRegularEnd() {
    TlsRig.Unix ends = secure();
    TlsStream client = ends.client();
    TlsRig.Collector collector = rig.collect(ends.server(), 10);
    rig.send(client, new byte[1000]);
    collector.awaitBytes(1000);
    rig.begin(io -> client.abort()).value();
    assertEquals("TLS receive", collector.failure().operation());
    rig.close(collector.stream());
  }

  private static void assertHasNoInternetAddress(TlsStream stream) {
    assertThrows(UnsupportedOperationException.class, stream::remoteAddress);
    assertThrows(UnsupportedOperationException.class, stream::localAddress);
  }

  @Test
  void whatOnlyTcpHasIsRefused() {
    TlsRig.Unix ends = secure();
    TlsStream client = ends.client();
    assertHasNoInternetAddress(client);
    assertEquals("TLSv1.3 with a.example at unix:" + socket(), client.toString());
    assertThrows(UnsupportedOperationException.class, () -> client.peek(1));
    assertThrows(IllegalStateException.class, client::detach);
    SocketOptions ofTcp = SocketOptions.defaults().withNoDelay(true);
    assertThrows(IllegalArgumentException.class, () -> client.configure(ofTcp));
    SocketOptions ofAll = SocketOptions.defaults().withSendBuffer(100_000);
    Systems.value(rig.executor(), io -> client.configure(ofAll));
    rig.close(client);
    rig.close(ends.server());
  }

  /** An address tells nothing of a host; a server needs none. */
  @Test
  void whoMeansNobodyIsToldSo() throws IOException {
    UnixPair pair = plain();
    TlsOptions nobody = TlsOptions.client(TlsRig.CLIENT);
    Systems.inTurn(
        rig.executor(),
        context ->
            assertThrows(
                IllegalArgumentException.class, () -> context.io().tls(pair.near(), nobody)));
    try (TlsRig other = new TlsRig(driver)) {
      Systems.inTurn(
          other.executor(),
          context ->
              assertThrows(
                  IllegalArgumentException.class,
                  () -> context.io().tls(pair.near(), TlsRig.client())));
    }
    TlsRig.Begun<TlsStream> accept = rig.begin(io -> io.tls(pair.far(), TlsRig.server()));
    TlsStream client =
        rig.begin(io -> io.tls(pair.near(), nobody.withoutHostVerification())).value();
    assertEquals("TLSv1.3 with unix:" + socket(), client.toString());
    rig.close(client);
    rig.close(accept.value());
  }

  @Test
  void aStreamThatIsClosedFailsTheHandshake() {
    UnixPair pair = plain();
    pair.close();
    IoException failure = rig.begin(io -> io.tls(pair.near(), TlsRig.client())).failure();
    assertEquals(Errno.EBADF, failure.errno());
    assertEquals("TLS handshake", failure.operation());
  }

  @Test
  void tlsGoesThroughTls() {
    TlsRig.Unix outer = secure();
    TlsStream outerClient = outer.client();
    TlsStream outerServer = outer.server();
    TlsRig.Begun<TlsStream> accept = rig.begin(io -> io.tls(outerServer, TlsRig.server()));
    TlsRig.Begun<TlsStream> connect = rig.begin(io -> io.tls(outerClient, TlsRig.client()));
    TlsStream client = connect.value();
    TlsStream server = accept.value();
    assertHasNoInternetAddress(client);
    TlsRig.Collector collector = rig.collect(server, 3);
    rig.send(client, new byte[300_000]);
    collector.awaitBytes(300_000);
    rig.begin(io -> client.abort()).value();
    assertEquals("TLS receive", collector.failure().operation());
    rig.close(server);
  }

  /** Once there is memory of each size nothing more is taken, whatever comes and goes. */
  @Test
  void connectionsUseTheSameMemoryAgain() {
    Systems.inTurn(rig.executor(), context -> lendOfEachSize(context.io()));
    long bytes = rig.stats().bufferBytes();
    byte[] data = random(40_000);
    for (int i = 0; i < 100; i++) {
      TlsRig.Unix ends =
          rig.secure(directory.resolve("socket-" + i), TlsRig.client(), TlsRig.server());
      TlsStream client = ends.client();
      TlsStream server = ends.server();
      rig.system.spawn(() -> new TlsEcho(server, 2), ActorOptions.defaults());
      TlsRig.Collector back = rig.collect(client, 2);
      rig.send(client, data);
      back.awaitBytes(data.length);
      rig.begin(io -> client.close()).value();
      assertArrayEquals(data, back.regularEnd());
      Systems.awaitUntil(
          () -> rig.stats().buffersLent() == 0 && rig.stats().io().buffersLent() == 0);
      assertEquals(bytes, rig.stats().bufferBytes(), "memory at connection " + i);
    }
  }

  /** Half a MiB of each size up to that of several records. */
  private static void lendOfEachSize(Io io) {
    List<IoBuffer> lent = new ArrayList<>();
    for (int size = 256; size <= 64 * 1024; size *= 2) {
      for (int left = 512 * 1024; left > 0; left -= size) {
        lent.add(io.buffer(size));
      }
    }
    lent.forEach(IoBuffer::release);
  }
}
