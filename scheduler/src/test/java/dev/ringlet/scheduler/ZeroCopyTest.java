package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.io.ConnectOptions;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UdpOptions;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.scheduler.HoldingDriver.Submitted;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that send without a copy. */
@OnBothDrivers
final class ZeroCopyTest {
  /** What no kernel takes at once. */
  private static final int MUCH = 32 << 20;

  private static final SocketOptions ZERO_COPY =
      SocketOptions.defaults().withZeroCopyFrom(10_000).withOutputLimit(Long.MAX_VALUE);

  private final String driver;
  private ActorSystem system;
  private ActorExecutor executor;
  private ServerSocket server;

  ZeroCopyTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() throws IOException {
    system = ActorSystem.create("test", Systems.pool(driver, 1).withReceiveBuffers(64, 4096));
    executor = system.executors().get(0);
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    system.close();
    server.close();
  }

  private TcpStream connect(SocketOptions options) {
    InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
    ConnectOptions connect = ConnectOptions.defaults().withSocket(options);
    return Systems.value(executor, io -> io.connect(address, connect));
  }

  private IoBuffer buffer(byte[] data) {
    CompletableFuture<IoBuffer> buffer = new CompletableFuture<>();
    Systems.inTurn(
        executor, context -> buffer.complete(context.io().buffer(data.length).write(data)));
    return Systems.get(buffer);
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private static CompletableFuture<byte[]> read(Socket peer, int count) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return peer.getInputStream().readNBytes(count);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static int errno(CompletionStage<?> stage) {
    Throwable failure = Systems.get(stage.handle((value, thrown) -> thrown));
    return ((IoException) failure).errno();
  }

  @Test
  void largeAndSmallArriveInOrder() throws IOException {
    TcpStream stream = connect(ZERO_COPY);
    try (Socket peer = server.accept()) {
      byte[] large = random(MUCH);
      byte[] small = random(9_999);
      CompletableFuture<byte[]> first = read(peer, MUCH);
      CompletionStage<Integer> one = stream.send(buffer(large)).toCompletionStage();
      CompletionStage<Integer> two = stream.send(buffer(small)).toCompletionStage();
      CompletionStage<Integer> three = stream.send(buffer(large)).toCompletionStage();
      assertArrayEquals(large, Systems.get(first));
      assertArrayEquals(small, Systems.get(read(peer, small.length)));
      assertArrayEquals(large, Systems.get(read(peer, MUCH)));
      assertEquals(MUCH, Systems.get(one));
      assertEquals(small.length, Systems.get(two));
      assertEquals(MUCH, Systems.get(three));
      Systems.assertAtRest(system);
      Systems.get(stream.close().toCompletionStage());
    }
  }

  /** The memory of one send must not be that of the next before the peer has it. */
  @Test
  void nothingIsOverwrittenOnItsWay() throws IOException {
    TcpStream stream = connect(ZERO_COPY);
    try (Socket peer = server.accept()) {
      int count = 200;
      CompletionStage<Integer> last = null;
      for (int i = 0; i < count; i++) {
        byte[] piece = new byte[64 << 10];
        Arrays.fill(piece, (byte) i);
        last = stream.send(buffer(piece)).toCompletionStage();
      }
      for (int i = 0; i < count; i++) {
        byte[] expected = new byte[64 << 10];
        Arrays.fill(expected, (byte) i);
        assertArrayEquals(expected, peer.getInputStream().readNBytes(64 << 10), "piece " + i);
      }
      assertEquals(64 << 10, Systems.get(last));
      Systems.assertAtRest(system);
      Systems.get(stream.close().toCompletionStage());
    }
  }

  @Test
  void aBlockedSendTimesOutAndGivesItsMemoryBack() throws IOException {
    TcpStream stream = connect(ZERO_COPY);
    try (Socket peer = server.accept()) {
      CompletionStage<Integer> sent =
          stream.send(buffer(new byte[MUCH])).timeout(Duration.ofMillis(50)).toCompletionStage();
      assertEquals(Errno.ETIMEDOUT, errno(sent));
      assertTrue(peer.isConnected());
      Systems.get(stream.abort().toCompletionStage());
      Systems.assertAtRest(system);
    }
  }

  /** The setting is taken back. */
  @Test
  void zeroSendsCopiesAgain() throws IOException {
    TcpStream stream = connect(ZERO_COPY);
    try (Socket peer = server.accept()) {
      Systems.get(
          stream.configure(SocketOptions.defaults().withZeroCopyFrom(0)).toCompletionStage());
      byte[] data = random(100_000);
      CompletionStage<Integer> sent = stream.send(buffer(data)).toCompletionStage();
      assertArrayEquals(data, peer.getInputStream().readNBytes(data.length));
      assertEquals(data.length, Systems.get(sent));
      Systems.assertAtRest(system);
      Systems.get(stream.close().toCompletionStage());
    }
  }

  /** The end of the system does not hang where a peer never reads. */
  @Test
  void theSystemEndsWhileThePeerDoesNotRead() throws IOException {
    TcpStream stream = connect(ZERO_COPY);
    try (Socket peer = server.accept()) {
      CompletionStage<Integer> sent = stream.send(buffer(new byte[MUCH])).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      system.close();
      assertEquals(Errno.ECANCELED, errno(sent));
    }
  }

  private static <T> T get(DiskRig rig, IoOp<T> op) {
    return rig.get(op.toCompletionStage());
  }

  /** What the driver is asked for when so many bytes are sent. */
  private static List<Submitted> sends(DiskRig rig, TcpStream stream, int... lengths) {
    int before = rig.driver().submitted().size();
    for (int length : lengths) {
      IoBuffer buffer = rig.core().buffers().acquire(length).write(new byte[length]);
      assertEquals(length, get(rig, stream.send(buffer)));
    }
    List<Submitted> submitted = rig.driver().submitted();
    return submitted.subList(before, submitted.size());
  }

  private static Submitted send(int length, boolean zeroCopy) {
    return new Submitted(IoOpcode.SEND, length, zeroCopy ? IoRequest.SEND_ZERO_COPY : 0);
  }

  /** On connections of either side, and until it is set otherwise. */
  @Test
  void soManyBytesAreSentWithoutACopyAndFewerWithOne() {
    try (DiskRig rig = new DiskRig(driver, 1, 4)) {
      Io io = rig.core().io();
      ListenOptions listen = ListenOptions.defaults().withSocket(ZERO_COPY);
      TcpListener listener = get(rig, io.listen(Systems.ANY_PORT, listen));
      CompletableFuture<TcpStream> accepted = Subscriber.first(rig.core(), listener.connections());
      ConnectOptions options = ConnectOptions.defaults().withSocket(ZERO_COPY);
      TcpStream near = get(rig, io.connect(listener.localAddress(), options));
      TcpStream far = rig.get(accepted);
      for (TcpStream stream : List.of(near, far)) {
        assertEquals(
            List.of(send(9_999, false), send(10_000, true), send(10_001, true)),
            sends(rig, stream, 9_999, 10_000, 10_001));
      }
      get(rig, near.configure(SocketOptions.defaults().withZeroCopyFrom(20_000)));
      assertEquals(
          List.of(send(19_999, false), send(20_000, true)), sends(rig, near, 19_999, 20_000));
      get(rig, near.configure(SocketOptions.defaults().withZeroCopyFrom(0)));
      assertEquals(List.of(send(20_000, false)), sends(rig, near, 20_000));
      get(rig, near.abort());
      get(rig, far.abort());
    }
  }

  @Test
  void onlyTcpSendsWithoutACopy() {
    Systems.inTurn(
        executor,
        context -> {
          UnixAddress path = UnixAddress.of(Path.of("nowhere"));
          assertThrows(IllegalArgumentException.class, () -> context.io().connect(path, ZERO_COPY));
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  context.io().bind(Systems.ANY_PORT, UdpOptions.defaults().withSocket(ZERO_COPY)));
        });
    assertThrows(
        IllegalArgumentException.class, () -> SocketOptions.defaults().withZeroCopyFrom(-1));
    SocketOptions both = SocketOptions.defaults().with(ZERO_COPY);
    assertEquals(ZERO_COPY, both);
    assertEquals(10_000, both.zeroCopyFrom());
    assertTrue(both.toString().contains("zero copy from 10000"), both.toString());
  }
}
