package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.TlsStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through TLS comes out as it was, in order, and only as fast as it is wanted. */
@OnBothDrivers
final class TlsDataTest extends TlsTest {
  /** Enough for new keys on the way. */
  private static final int MUCH = 5 << 20;

  /** Little enough to need none. */
  private static final int LESS = 1 << 20;

  TlsDataTest(String driver) {
    super(driver);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothSidesOfRinglet(String protocol) {
    int port = rig.serveEcho(TlsRig.server(), 3);
    byte[] data = random(MUCH);
    TlsStream client = rig.connect(port, TlsRig.client().withProtocols(protocol));
    assertEquals(protocol, client.protocol());
    TlsRig.Collector collector = rig.collect(client, 5);
    rig.system.spawn(() -> new TlsSender(client, data), ActorOptions.defaults());
    collector.awaitBytes(data.length);
    rig.close(client);
    assertTrue(Arrays.equals(data, collector.regularEnd()));
  }

  private static SSLSocket jdkClient(int port, String protocol) throws IOException {
    SSLSocket socket = (SSLSocket) TlsRig.CLIENT.getSocketFactory().createSocket(TlsRig.HERE, port);
    socket.setEnabledProtocols(new String[] {protocol});
    return socket;
  }

  private static Thread writeInPieces(SSLSocket socket, byte[] data) {
    Random random = new Random(17);
    Thread writer =
        new Thread(
            () -> {
              try {
                OutputStream out = socket.getOutputStream();
                for (int at = 0; at < data.length; ) {
                  int length = Math.min(data.length - at, 1 + random.nextInt(40_000));
                  out.write(data, at, length);
                  at += length;
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    writer.start();
    return writer;
  }

  /**
   * Without new keys: the JDK's socket is not fit for them while one thread writes and another one
   * reads. Both make the next key of the same one, and the peer, the JDK's own too, finds a bad
   * record.
   */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theJdksClient(String protocol) throws Exception {
    int port = rig.serveEcho(TlsRig.server(), 3);
    byte[] data = random(LESS);
    try (SSLSocket socket = jdkClient(port, protocol)) {
      Thread writer = writeInPieces(socket, data);
      assertTrue(Arrays.equals(data, socket.getInputStream().readNBytes(data.length)));
      writer.join();
      assertEquals(protocol, socket.getSession().getProtocol());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theJdksServer(String protocol) throws Exception {
    byte[] data = random(MUCH);
    try (SSLServerSocket listener =
        (SSLServerSocket)
            TlsRig.SERVER.getServerSocketFactory().createServerSocket(0, 1, TlsRig.HERE)) {
      CompletableFuture<Void> served = new CompletableFuture<>();
      Thread server =
          new Thread(
              () -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                  socket.getInputStream().transferTo(socket.getOutputStream());
                  served.complete(null);
                } catch (IOException e) {
                  served.completeExceptionally(e);
                }
              });
      server.start();
      TlsStream client =
          rig.connect(listener.getLocalPort(), TlsRig.client().withProtocols(protocol));
      TlsRig.Collector collector = rig.collect(client, 1);
      rig.system.spawn(() -> new TlsSender(client, data), ActorOptions.defaults());
      collector.awaitBytes(data.length);
      rig.close(client);
      assertTrue(Arrays.equals(data, collector.regularEnd()));
      Systems.get(served);
      server.join();
    }
  }

  /**
   * With TLS 1.3 new keys, with TLS 1.2 a new handshake. In one thread, see {@link #theJdksClient}.
   */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aPeerMayWantNewKeys(String protocol) throws Exception {
    int port = rig.serveEcho(TlsRig.server(), 3);
    try (SSLSocket socket = jdkClient(port, protocol)) {
      for (int i = 0; i < 30; i++) {
        byte[] data = random(50_000 + i);
        socket.getOutputStream().write(data);
        assertArrayEquals(data, socket.getInputStream().readNBytes(data.length));
        socket.startHandshake();
      }
    }
  }

  /** One piece at a time, when it is told to. */
  private static final class Slow implements Actor<Object> {
    private final TlsStream stream;
    private final CompletableFuture<Integer> first = new CompletableFuture<>();
    private @Nullable IoSubscription input;
    private final AtomicInteger bytes = new AtomicInteger();

    Slow(TlsStream stream) {
      this.stream = stream;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      input = context.subscribe(stream.receive(), piece -> piece, failure -> "end", 1);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof IoBuffer piece) {
        int length = piece.readableBytes();
        piece.release();
        bytes.addAndGet(length);
        first.complete(length);
      } else {
        input.request(Long.MAX_VALUE);
      }
    }
  }

  /** The sender is held up by the kernels' buffers, and nothing scarce is held meanwhile. */
  @Test
  void withoutDemandNothingIsRead() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsStream server = rig.acceptedStream();
    Slow slow = new Slow(server);
    var actor = rig.system.spawn(() -> slow, ActorOptions.defaults());
    byte[] data = new byte[32 << 20];
    TlsRig.Begun<Integer> send = rig.begin(io -> client.send(io.buffer(data.length).write(data)));
    int record = Systems.get(slow.first);
    assertTrue(record <= 16 * 1024, "more than a record: " + record);
    Systems.awaitUntil(() -> rig.stats().io().buffersLent() == 0);
    assertEquals(record, slow.bytes.get());
    assertTrue(!send.outcome().isDone(), "nobody has read it, and it was all sent");
    actor.tell("go on");
    assertEquals(data.length, send.value());
    Systems.awaitUntil(() -> slow.bytes.get() == data.length);
    rig.close(client);
    rig.close(server);
  }

  @Test
  void severalBuffersAreOneSend() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsRig.Collector collector = rig.collect(rig.acceptedStream(), 100);
    byte[] data = random(100_000);
    long sent =
        rig.begin(
                io ->
                    client.send(
                        List.of(
                            io.buffer(10).write(data, 0, 10),
                            io.buffer(1),
                            io.buffer(data.length).write(data, 10, data.length - 10))))
            .value();
    assertEquals(data.length, sent);
    collector.awaitBytes(data.length);
    Systems.inTurn(rig.executor(), context -> assertEquals(0, client.pendingBytes()));
    rig.begin(io -> client.abort()).value();
    assertEquals("TLS receive", collector.failure().operation());
    rig.close(collector.stream());
  }

  @Test
  void sendsKeepTheOrderOfTheCalls() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsRig.Collector collector = rig.collect(rig.acceptedStream(), 100);
    int count = 2000;
    Systems.inTurn(
        rig.executor(),
        context -> {
          for (int i = 0; i < count; i++) {
            byte[] piece = new byte[i % 100];
            Arrays.fill(piece, (byte) i);
            client.send(context.io().buffer(100).write(piece)).toCompletionStage();
          }
          client.shutdownOutput().toCompletionStage();
        });
    byte[] all = collector.regularEnd();
    int at = 0;
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < i % 100; k++) {
        if (all[at++] != (byte) i) {
          throw new AssertionError("byte " + (at - 1) + " is " + all[at - 1]);
        }
      }
    }
    assertEquals(at, all.length);
    rig.close(client);
    rig.close(collector.stream());
  }

  /** A line at a time, so that what is decrypted waits. */
  @Test
  void linesAreCutFromWhatIsDecrypted() throws Exception {
    int port = rig.serve(TlsRig.server());
    TlsStream client = rig.connect(port, TlsRig.client());
    TlsStream server = rig.acceptedStream();
    List<String> lines = IntStream.range(0, 5000).mapToObj(i -> "line " + i).toList();
    byte[] text = String.join("\n", lines).getBytes(UTF_8);
    rig.send(client, text);
    CompletableFuture<IoStream<String>> cut = new CompletableFuture<>();
    Systems.inTurn(rig.executor(), context -> cut.complete(context.io().lines(server.receive())));
    rig.begin(io -> client.shutdownOutput()).value();
    Collected<String> got = Collected.all(rig.executor(), Systems.get(cut), 1, line -> line);
    assertNull(got.failure);
    assertEquals(lines, got.elements);
    rig.close(client);
    rig.close(server);
  }
}
