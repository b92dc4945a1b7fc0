package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ConnectOptions;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UnixAddress;
import dev.ringlet.io.UnixListener;
import dev.ringlet.io.UnixStream;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that go to sockets past user space. */
@OnBothDrivers
final class SendFileTest {
  /** What no kernel takes at once. */
  private static final int MUCH = 32 << 20;

  private final String driver;
  private FileRig rig;
  private ServerSocket server;

  @TempDir Path directory;

  SendFileTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() throws IOException {
    rig = new FileRig(driver);
    server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    rig.system.close();
  }

  private void assertAtRest() {
    Systems.awaitUntil(() -> rig.buffersLent() == 0);
    Systems.awaitUntil(() -> rig.system.stats().executors().get(0).io().inFlight() == 0);
    assertEquals(0, rig.system.stats().failures());
  }

  private TcpStream connect() {
    return connect(SocketOptions.defaults());
  }

  private TcpStream connect(SocketOptions options) {
    InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
    return rig.get(rig.io.connect(address, ConnectOptions.defaults().withSocket(options)));
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private AsyncFile file(byte[] content) throws IOException {
    return rig.open(Files.write(directory.resolve("file" + content.length), content));
  }

  private static int errno(CompletionStage<?> stage) {
    Throwable failure = Systems.get(stage.handle((value, thrown) -> thrown));
    return ((IoException) failure).errno();
  }

  private static void read(Socket peer, byte[] expected) throws IOException {
    assertArrayEquals(expected, peer.getInputStream().readNBytes(expected.length));
  }

  @Test
  void aFileComesBetweenTheSendsBeforeAndAfterIt() throws IOException {
    TcpStream stream = connect();
    byte[] content = random(5_000_001);
    AsyncFile file = file(content);
    try (Socket peer = server.accept()) {
      CompletionStage<Integer> before =
          stream.send(rig.buffer(random(1_000_000))).toCompletionStage();
      CompletionStage<Long> sent = stream.sendFile(file, 0, Long.MAX_VALUE).toCompletionStage();
      CompletionStage<Integer> between = stream.send(rig.buffer(random(7))).toCompletionStage();
      CompletionStage<Long> again = stream.sendFile(file, 1_000, 2_000).toCompletionStage();
      CompletionStage<Integer> after = stream.write(rig.buffer(random(9))).toCompletionStage();
      read(peer, random(1_000_000));
      read(peer, content);
      read(peer, random(7));
      read(peer, Arrays.copyOfRange(content, 1_000, 3_000));
      read(peer, random(9));
      assertEquals(1_000_000, Systems.get(before));
      assertEquals(content.length, Systems.get(sent));
      assertEquals(7, Systems.get(between));
      assertEquals(2_000, Systems.get(again));
      assertEquals(9, Systems.get(after));
      rig.get(stream.shutdownOutput());
      assertEquals(-1, peer.getInputStream().read());
      rig.get(stream.close());
      assertAtRest();
    }
  }

  @Test
  void theEndOfTheFileEndsItWithLess() throws IOException {
    TcpStream stream = connect();
    AsyncFile file = file(random(10_000));
    AsyncFile empty = file(new byte[0]);
    try (Socket peer = server.accept()) {
      assertEquals(9_000, rig.get(stream.sendFile(file, 1_000, 1L << 40)));
      assertEquals(0, rig.get(stream.sendFile(file, 10_000, 5)));
      assertEquals(0, rig.get(stream.sendFile(file, 20_000, 5)));
      assertEquals(0, rig.get(stream.sendFile(file, 0, 0)));
      assertEquals(0, rig.get(stream.sendFile(empty, 0, 100)));
      read(peer, Arrays.copyOfRange(random(10_000), 1_000, 10_000));
      rig.get(stream.close());
      assertEquals(-1, peer.getInputStream().read());
      assertAtRest();
    }
  }

  @Test
  void whatCannotBeSplicedIsReadAndSent() throws IOException {
    TcpStream stream = connect();
    byte[] content = random(300_001);
    Path path = Files.write(directory.resolve("direct"), content);
    AsyncFile direct = rig.open(path, FileOption.DIRECT);
    AsyncFile madeUp = rig.open(Path.of("/proc/version"));
    byte[] version = Files.readAllBytes(Path.of("/proc/version"));
    try (Socket peer = server.accept()) {
      CompletionStage<Long> sent = stream.sendFile(direct, 3, Long.MAX_VALUE).toCompletionStage();
      CompletionStage<Long> next = stream.sendFile(madeUp, 0, 10_000).toCompletionStage();
      read(peer, Arrays.copyOfRange(content, 3, content.length));
      read(peer, version);
      assertEquals(content.length - 3, Systems.get(sent));
      assertEquals(version.length, Systems.get(next));
      rig.get(stream.close());
      assertAtRest();
    }
  }

  /** What would free memory waits behind the file. */
  @Test
  void aFileThatIsReadDoesNotWaitForMemory() throws IOException {
    int limit = 1 << 20;
    byte[] content = random(500_000);
    Path path = Files.write(directory.resolve("direct"), content);
    try (FileRig tight = new FileRig(Systems.pool(driver, 1).withBufferMemory(limit))) {
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      TcpStream stream = tight.get(tight.io.connect(address, ConnectOptions.defaults()));
      AsyncFile file = tight.open(path, FileOption.DIRECT);
      List<CompletionStage<?>> sends = new ArrayList<>();
      List<CompletionStage<IoBuffer>> waits = new ArrayList<>();
      try (Socket peer = server.accept()) {
        peer.setSoTimeout((int) Systems.PATIENCE.toMillis());
        Systems.inTurn(
            tight.executor(),
            context -> {
              sends.add(stream.sendFile(file, 0, Long.MAX_VALUE).toCompletionStage());
              for (int i = 0; i < 2; i++) {
                IoBuffer buffer = tight.io.buffer(limit / 4).write(new byte[limit / 4]);
                sends.add(stream.send(buffer).toCompletionStage());
              }
              waits.add(tight.io.bufferWhenFree(limit).toCompletionStage());
            });
        read(peer, content);
        read(peer, new byte[limit / 2]);
        assertEquals((long) content.length, Systems.get(sends.get(0)));
        sends.forEach(Systems::get);
        Systems.get(waits.get(0)).release();
        tight.get(stream.close());
      }
    }
  }

  @Test
  void aCancelledFileBreaksTheOutputIfAPartHasLeft() throws IOException {
    AsyncFile file = file(new byte[MUCH]);
    TcpStream stream = connect();
    try (Socket peer = server.accept()) {
      IoOp<Long> send = stream.sendFile(file, 0, MUCH);
      IoOp<Long> queued = stream.sendFile(file, 0, MUCH);
      CompletionStage<Long> sent = send.toCompletionStage();
      CompletionStage<Long> waiting = queued.toCompletionStage();
      CompletionStage<Integer> behind = stream.send(rig.buffer(new byte[1])).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      queued.cancel();
      assertEquals(Errno.ECANCELED, errno(waiting));
      send.cancel();
      assertEquals(Errno.ECANCELED, errno(sent));
      assertEquals(Errno.EPIPE, errno(behind));
      stream.sendFile(file, 0, 10).cancel();
      rig.get(stream.close());
      assertAtRest();
    }
  }

  @Test
  void aCloseEndsTheFileThatIsOnItsWay() throws IOException {
    AsyncFile file = file(new byte[MUCH]);
    int before = FileRig.descriptors();
    for (int i = 0; i < 5; i++) {
      TcpStream stream = connect();
      try (Socket peer = server.accept()) {
        CompletionStage<Long> sent = stream.sendFile(file, 0, MUCH).toCompletionStage();
        CompletionStage<Long> next = stream.sendFile(file, 0, MUCH).toCompletionStage();
        if (i > 0) {
          assertEquals(0, peer.getInputStream().read());
        }
        rig.get(i % 2 == 0 ? stream.close() : stream.abort());
        assertEquals(Errno.ECANCELED, errno(sent));
        assertEquals(Errno.ECANCELED, errno(next));
      }
    }
    assertAtRest();
    // A pipe that was left empty may be kept for the next file.
    Systems.awaitUntil(() -> FileRig.descriptors() <= before + 2);
  }

  @Test
  void aCloseOfTheFileEndsItsSending() throws IOException {
    AsyncFile file = rig.get(rig.io.open(Files.write(directory.resolve("f"), new byte[MUCH])));
    TcpStream stream = connect();
    try (Socket peer = server.accept()) {
      CompletionStage<Long> sent = stream.sendFile(file, 0, MUCH).toCompletionStage();
      CompletionStage<Long> next = stream.sendFile(file, 0, MUCH).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      rig.get(file.close());
      int errno = errno(sent);
      assertTrue(errno == Errno.ECANCELED || errno == Errno.EBADF, "errno " + errno);
      assertEquals(Errno.EPIPE, errno(next));
      rig.get(stream.close());
      TcpStream other = connect();
      assertEquals(Errno.EBADF, errno(other.sendFile(file, 0, 10).toCompletionStage()));
      assertEquals(1, rig.get(other.send(rig.buffer(new byte[1]))), "nothing was begun");
      rig.get(other.close());
      assertAtRest();
    }
  }

  @Test
  void aPeerThatDoesNotReadEndsItAtTheWriteTimeout() throws IOException {
    AsyncFile file = file(new byte[MUCH]);
    TcpStream stream = connect(SocketOptions.defaults().withWriteTimeout(Duration.ofMillis(50)));
    try (Socket peer = server.accept()) {
      assertEquals(Errno.ETIMEDOUT, errno(stream.sendFile(file, 0, MUCH).toCompletionStage()));
      assertEquals(Errno.EPIPE, errno(stream.send(rig.buffer(new byte[1])).toCompletionStage()));
      assertTrue(peer.isConnected());
      rig.get(stream.close());
      assertAtRest();
    }
  }

  @Test
  void aPeerThatGoesFailsItAndWhatComesBehind() throws IOException {
    AsyncFile file = file(new byte[MUCH]);
    TcpStream stream = connect();
    try (Socket peer = server.accept()) {
      CompletionStage<Long> sent = stream.sendFile(file, 0, MUCH).toCompletionStage();
      CompletionStage<Long> behind = stream.sendFile(file, 0, MUCH).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      peer.setSoLinger(true, 0);
      end(peer);
      int errno = errno(sent);
      assertTrue(errno == Errno.ECONNRESET || errno == Errno.EPIPE, "errno " + errno);
      assertEquals(Errno.EPIPE, errno(behind));
      rig.get(stream.close());
      assertAtRest();
    }
  }

  private static void end(Socket peer) throws IOException {
    peer.close();
  }

  @Test
  void aFileThatWaitsCountsAsAPieceOfIt() throws IOException {
    AsyncFile file = file(new byte[MUCH]);
    TcpStream stream = connect(SocketOptions.defaults().withOutputLimit(100_000));
    try (Socket peer = server.accept()) {
      CompletableFuture<Long> pending = new CompletableFuture<>();
      List<CompletionStage<Long>> sends = new ArrayList<>();
      Systems.inTurn(
          rig.executor(),
          context -> {
            sends.add(stream.sendFile(file, 0, MUCH).toCompletionStage());
            sends.add(stream.sendFile(file, 0, 10_000).toCompletionStage());
            sends.add(stream.sendFile(file, 0, 50_000).toCompletionStage());
            pending.complete(stream.pendingBytes());
          });
      assertEquals(64 * 1024 + 10_000, Systems.get(pending));
      assertEquals(Errno.ENOBUFS, errno(sends.get(2)));
      peer.getInputStream().skipNBytes(MUCH + 10_000);
      assertEquals(MUCH, Systems.get(sends.get(0)));
      assertEquals(10_000, Systems.get(sends.get(1)));
      Systems.inTurn(rig.executor(), context -> assertEquals(0, stream.pendingBytes()));
      rig.get(stream.close());
    }
  }

  @Test
  void filesOfOtherExecutorsAndWrongRangesAreRefused() throws IOException {
    AsyncFile file = file(new byte[10]);
    TcpStream stream = connect();
    assertThrows(IllegalArgumentException.class, () -> stream.sendFile(file, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> stream.sendFile(file, 0, -1));
    try (FileRig other = new FileRig(driver)) {
      AsyncFile foreign = other.open(directory.resolve("file10"));
      assertThrows(IllegalArgumentException.class, () -> stream.sendFile(foreign, 0, 1));
    }
    rig.get(stream.close());
  }

  @Test
  void aFileGoesThroughAUnixSocket() throws IOException {
    byte[] content = random(3_000_000);
    AsyncFile file = file(content);
    UnixAddress address = UnixAddress.of(directory.resolve("socket"));
    UnixListener listener = rig.get(rig.io.listen(address, ListenOptions.defaults()));
    CompletableFuture<UnixStream> accepted =
        Subscriber.first(rig.executor(), listener.connections());
    UnixStream near = rig.get(rig.io.connect(address, SocketOptions.defaults()));
    UnixStream far = Systems.get(accepted);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    CompletableFuture<Object> end =
        Subscriber.all(
            rig.executor(),
            far.receive(),
            buffer -> {
              got.writeBytes(buffer.readAll());
              buffer.release();
            });
    assertEquals(content.length, rig.get(near.sendFile(file, 0, content.length)));
    rig.get(near.shutdownOutput());
    assertEquals("regular end", Systems.get(end));
    assertArrayEquals(content, got.toByteArray());
    rig.get(near.close());
    rig.get(far.close());
    rig.get(listener.close());
    assertAtRest();
  }

  @Test
  void manyConnectionsGetTheFileAtTheSameTime() throws IOException {
    byte[] content = random(1_000_000);
    AsyncFile file = file(content);
    List<TcpStream> streams = new ArrayList<>();
    List<Socket> peers = new ArrayList<>();
    List<CompletionStage<Long>> sends = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      streams.add(connect());
      peers.add(server.accept());
      sends.add(streams.get(i).sendFile(file, 0, content.length).toCompletionStage());
    }
    for (int i = 0; i < 40; i++) {
      read(peers.get(i), content);
      assertEquals(content.length, Systems.get(sends.get(i)));
      peers.get(i).close();
      rig.get(streams.get(i).close());
    }
    assertAtRest();
  }

  /** More of them than the kernel has threads for all of a ring's splices. */
  @Test
  void peersThatDoNotReadHoldNobodyUp() throws IOException {
    AsyncFile file = file(new byte[MUCH]);
    List<TcpStream> streams = new ArrayList<>();
    List<Socket> peers = new ArrayList<>();
    List<CompletionStage<Long>> sends = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      streams.add(connect());
      peers.add(server.accept());
      sends.add(streams.get(i).sendFile(file, 0, MUCH).toCompletionStage());
    }
    for (Socket peer : peers) {
      assertEquals(0, peer.getInputStream().read());
    }
    byte[] content = random(1_000_000);
    AsyncFile other = file(content);
    for (int i = 0; i < 5; i++) {
      TcpStream stream = connect();
      try (Socket peer = server.accept()) {
        CompletionStage<Long> sent = stream.sendFile(other, 0, content.length).toCompletionStage();
        read(peer, content);
        assertEquals(content.length, Systems.get(sent));
        rig.get(stream.close());
      }
    }
    for (int i = 0; i < 100; i++) {
      rig.get(streams.get(i).abort());
      assertEquals(Errno.ECANCELED, errno(sends.get(i)));
      peers.get(i).close();
    }
    assertAtRest();
  }

  @Test
  void aSystemThatClosesEndsTheFilesOnTheirWay() throws IOException {
    AsyncFile file = file(new byte[MUCH]);
    TcpStream stream = connect();
    try (Socket peer = server.accept()) {
      CompletionStage<Long> sent = stream.sendFile(file, 0, MUCH).toCompletionStage();
      assertEquals(0, peer.getInputStream().read());
      rig.system.close();
      assertEquals(Errno.ECANCELED, errno(sent));
    }
  }
}
