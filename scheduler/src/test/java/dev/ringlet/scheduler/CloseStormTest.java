package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.ListenOptions;
import dev.ringlet.io.TcpListener;
import dev.ringlet.io.TcpStream;
import dev.ringlet.io.UdpOptions;
import dev.ringlet.io.UdpSocket;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand closes under operations that are in flight, fifty of whole systems among them; when
 * all is over no operation is left, no buffer and no descriptor.
 */
@OnBothDrivers
final class CloseStormTest {
  private static final int[] ANY_END = {
    Errno.ECANCELED, Errno.EBADF, Errno.EPIPE, Errno.ECONNRESET
  };

  private final String driver;
  @TempDir private Path folder;

  CloseStormTest(String driver) {
    this.driver = driver;
  }

  @FunctionalInterface
  private interface Weather {
    void rage(CloseStorm storm, int rounds) throws IOException;
  }

  private ExecutorPool pool() {
    return Systems.pool(driver, 1).withReceiveBuffers(64, 2048);
  }

  /** What a process opens once, such as libraries, is there after the first round. */
  private static void assertLeavesNothing(ExecutorPool pool, int rounds, Weather weather)
      throws IOException {
    try (CloseStorm storm = new CloseStorm(pool)) {
      weather.rage(storm, 1);
      storm.assertRest();
      int descriptors = CloseStorm.descriptors();
      weather.rage(storm, rounds - 1);
      storm.assertRest();
      Systems.awaitUntil(() -> CloseStorm.descriptors() <= descriptors);
    }
  }

  @Test
  void filesAreClosedUnderReadsWritesAndSyncs() throws IOException {
    assertLeavesNothing(pool(), 60, (storm, rounds) -> storm.files(folder, rounds, 50));
  }

  @Test
  void connectionsAreClosedUnderReceivesAndSends() throws IOException {
    assertLeavesNothing(pool(), 80, (storm, rounds) -> storm.connections(rounds, 25));
  }

  @Test
  void unixConnectionsAreClosedUnderReceivesAndSends() throws IOException {
    assertLeavesNothing(pool(), 20, (storm, rounds) -> storm.unixConnections(folder, rounds, 25));
  }

  @Test
  void pipesAreClosedUnderWhatGoesThroughThem() throws IOException {
    assertLeavesNothing(pool(), 20, (storm, rounds) -> storm.pipes(folder, rounds, 25));
  }

  @Test
  void listenersAreClosedUnderAccepts() throws IOException {
    assertLeavesNothing(pool(), 40, (storm, rounds) -> storm.listeners(rounds, 25));
  }

  @Test
  void datagramSocketsAreClosedUnderReceivesAndSends() throws IOException {
    assertLeavesNothing(pool(), 60, (storm, rounds) -> storm.datagrams(rounds, 25));
  }

  @Test
  void connectsThatNobodyAnswersAreEnded() throws IOException {
    try (FullListener full = new FullListener(InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), full.port());
      assertLeavesNothing(pool(), 20, (storm, rounds) -> storm.connects(address, rounds, 25));
    }
  }

  /**
   * Nearly all wait in the driver then, and completions overflow their queue. The NIO driver has no
   * ring, but the buffers.
   */
  @Test
  void aRingOfFourEntriesAndTwoBuffersAreEnough() throws IOException {
    ExecutorPool small = Systems.pool(driver, 1).withRingEntries(4).withReceiveBuffers(2, 64);
    assertLeavesNothing(small, 9, (storm, rounds) -> storm.files(folder, rounds, 30));
    assertLeavesNothing(small, 9, (storm, rounds) -> storm.connections(rounds, 15));
    assertLeavesNothing(small, 9, (storm, rounds) -> storm.unixConnections(folder, rounds, 15));
    assertLeavesNothing(small, 9, (storm, rounds) -> storm.pipes(folder, rounds, 15));
    assertLeavesNothing(small, 9, (storm, rounds) -> storm.listeners(rounds, 30));
    assertLeavesNothing(small, 9, (storm, rounds) -> storm.datagrams(rounds, 30));
  }

  /** Also the files that wait for the only place at the disk are closed after what was begun. */
  @Test
  void filesThatWaitForTheDiskAreClosedToo() throws IOException {
    ExecutorPool narrow = pool().withDiskDepth(1);
    assertLeavesNothing(narrow, 12, (storm, rounds) -> storm.files(folder, rounds, 20));
  }

  @Test
  void systemsAreClosedUnderAllOfThem() throws IOException {
    try (FullListener full = new FullListener(InetAddress.getLoopbackAddress())) {
      closeUnderAll(full.port(), 0);
      int descriptors = CloseStorm.descriptors();
      for (int i = 1; i < 50; i++) {
        closeUnderAll(full.port(), i);
      }
      Systems.awaitUntil(() -> CloseStorm.descriptors() <= descriptors);
    }
  }

  /** An error of the virtual machine ends an executor at once, with all that is in flight. */
  @Test
  void anExecutorThatDiesLeavesNothing() throws IOException {
    try (FullListener full = new FullListener(InetAddress.getLoopbackAddress())) {
      dieUnderAll(full.port());
      int descriptors = CloseStorm.descriptors();
      for (int i = 0; i < 10; i++) {
        dieUnderAll(full.port());
      }
      Systems.awaitUntil(() -> CloseStorm.descriptors() <= descriptors);
    }
  }

  private void dieUnderAll(int full) throws IOException {
    CloseStorm storm = beginAll(full);
    ActorRef<String> dying =
        storm.executor.spawn(
            () ->
                (message, context) -> {
                  throw new InternalError(message);
                },
            ActorOptions.defaults());
    dying.tell("by the test");
    storm.settle();
    assertEquals(0, storm.stats().io().inFlight());
    storm.close();
    // The close that waits for the executor's end may be that of its death.
    Systems.awaitUntil(() -> isAllBack(storm));
  }

  private void closeUnderAll(int full, int round) throws IOException {
    CloseStorm storm = beginAll(full);
    for (int i = 0; i < round % 4; i++) {
      storm.system.run(context -> "");
    }
    storm.close();
    storm.settle();
    assertTrue(isAllBack(storm), () -> storm.stats().toString());
    assertEquals(0, storm.system.stats().failures());
  }

  /** All that the test itself has got was released as it came. */
  private static boolean isAllBack(CloseStorm storm) {
    ExecutorStats stats = storm.stats();
    return stats.io().inFlight() == 0 && stats.buffersLent() == 0 && stats.io().buffersLent() == 0;
  }

  /** One of everything, with operations in flight. */
  private CloseStorm beginAll(int port) throws IOException {
    ExecutorPool pool = Systems.pool(driver, 1).withRingEntries(16).withReceiveBuffers(8, 1024);
    CloseStorm storm = new CloseStorm(pool);
    AsyncFile file =
        storm.get(
            storm.io.open(
                folder.resolve("file"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    TcpListener listener = storm.get(storm.io.listen(Systems.ANY_PORT, ListenOptions.defaults()));
    CompletableFuture<TcpStream> accepted =
        Subscriber.first(storm.executor, listener.connections());
    TcpStream near = storm.get(storm.io.connect(listener.localAddress()));
    TcpStream far = Systems.get(accepted);
    UdpSocket socket = storm.get(storm.io.bind(Systems.ANY_PORT, UdpOptions.defaults()));
    Path address = folder.resolve("socket");
    Files.deleteIfExists(address);
    UnixPair pair = UnixPair.open(storm.executor, address);
    IoPipe full = storm.get(storm.io.pipe());
    IoPipe empty = storm.get(storm.io.pipe());
    var accepts = Subscriber.all(storm.executor, listener.connections(), stream -> {});
    var receives = Subscriber.end(storm.executor, near.receive());
    var datagrams = Subscriber.all(storm.executor, socket.receive(), Datagram::release);
    var unixReceives = Subscriber.end(storm.executor, pair.near().receive());
    storm.inTurn(
        () -> {
          for (int i = 0; i < 10; i++) {
            storm.start(file.read(0, 10_000), ANY_END);
            storm.start(file.write(i * 100L, storm.buffer(new byte[100])), ANY_END);
            storm.start(far.send(storm.buffer(new byte[100_000])), ANY_END);
            storm.start(near.send(storm.buffer(new byte[1000])), ANY_END);
            storm.start(pair.far().send(storm.buffer(new byte[100_000])), ANY_END);
            storm.start(full.output().send(storm.buffer(new byte[100_000])), ANY_END);
            IoBuffer datagram = storm.buffer(new byte[100]);
            storm.start(socket.send(datagram, socket.localAddress()), ANY_END);
          }
          storm.start(empty.input().receiveTo(file, 0, 1000), ANY_END);
          storm.start(file.dataSync(), ANY_END);
          storm.start(
              storm.io.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
              ANY_END);
          storm.start(storm.io.delay(Duration.ofDays(1)), ANY_END);
          storm.start(storm.io.open(folder.resolve("file")), ANY_END);
        });
    assertFalse(accepts.isDone() || datagrams.isDone());
    assertFalse(receives.isDone() || unixReceives.isDone());
    return storm;
  }
}
