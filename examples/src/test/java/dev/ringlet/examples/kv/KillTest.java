package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was acknowledged is there afterwards: with {@code --fsync always} when the process is killed
 * under load, again and again, and with every policy when it is told to stop under load.
 */
@Timeout(180)
final class KillTest {
  private static final int ROUNDS = 10;
  private static final int STOPS = 3;
  private static final int WRITERS = 4;
  private static final int PIPELINE = 8;

  @TempDir Path data;

  /** Writes numbered keys in pipelines until the server is gone or refuses. */
  private static final class Writer extends Thread {
    private final int port;
    private final String prefix;
    private final AtomicInteger acknowledgedWrites = new AtomicInteger();
    private volatile String refusal = "";

    Writer(int port, String prefix) {
      this.port = port;
      this.prefix = prefix;
    }

    int acknowledged() {
      return acknowledgedWrites.get();
    }

    /** The first reply that was no acknowledgement, empty if there was none. */
    String refusal() {
      return refusal;
    }

    @Override
    public void run() {
      try (RespClient client = new RespClient(port)) {
        for (int next = 0; ; next += PIPELINE) {
          StringBuilder batch = new StringBuilder();
          for (int i = next; i < next + PIPELINE; i++) {
            batch.append(Ascii.text(InMemoryServer.request("SET", prefix + i, value(i))));
          }
          client.send(batch.toString());
          for (int i = 0; i < PIPELINE; i++) {
            String reply = client.read();
            if (!reply.equals("+OK\r\n")) {
              refusal = reply;
              return;
            }
            acknowledgedWrites.incrementAndGet();
          }
        }
      } catch (IOException gone) {
        // That is how every round ends.
      }
    }
  }

  private static String value(int number) {
    return "value-" + number + "-" + "x".repeat(number % 200);
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void everyAcknowledgedWriteSurvivesTheKill(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    Random random = new Random(42);
    List<Writer> all = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = ServerProcess.kv(data, "--fsync", "always", "--driver", driver)) {
        int port = server.awaitPort();
        verify(port, all);
        List<Writer> writers = startWriters(port, "kill" + round, 50 + random.nextInt(400));
        server.kill();
        for (Writer writer : writers) {
          writer.join();
          assertEquals("", writer.refusal());
        }
        all.addAll(writers);
      }
    }
    try (ServerProcess server = ServerProcess.kv(data, "--driver", driver)) {
      verify(server.awaitPort(), all);
    }
  }

  /** Without any sync only an orderly stop keeps everything, also what is on its way just then. */
  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void everyAcknowledgedWriteSurvivesAStopUnderLoad(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    List<Writer> all = new ArrayList<>();
    for (int round = 0; round < STOPS; round++) {
      try (ServerProcess server = ServerProcess.kv(data, "--fsync", "no", "--driver", driver)) {
        int port = server.awaitPort();
        verify(port, all);
        List<Writer> writers = startWriters(port, "stop" + round, 1000);
        server.terminate();
        assertEquals(ServerProcess.SIGTERM_EXIT, server.awaitEnd(), server.output());
        assertTrue(server.output().contains("stopped, the logs are closed"), server.output());
        for (Writer writer : writers) {
          writer.join();
          assertTrue(
              Set.of("", "-ERR the server is shutting down\r\n").contains(writer.refusal()),
              writer.refusal());
        }
        all.addAll(writers);
      }
    }
    try (ServerProcess server = ServerProcess.kv(data, "--driver", driver)) {
      verify(server.awaitPort(), all);
    }
  }

  /** Starts all writers; comes back when each has so many writes acknowledged, and goes on. */
  private static List<Writer> startWriters(int port, String prefix, int enough) {
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new Writer(port, prefix + "w" + i + ":"));
    }
    writers.forEach(Thread::start);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> writers.stream().allMatch(writer -> writer.acknowledged() > enough));
    return writers;
  }

  private static void verify(int port, List<Writer> writers) throws IOException {
    try (RespClient client = new RespClient(port)) {
      for (Writer writer : writers) {
        verify(client, writer);
      }
    }
  }

  private static void verify(RespClient client, Writer writer) throws IOException {
    assertTrue(writer.acknowledged() > 0);
    for (int from = 0; from < writer.acknowledged(); from += 100) {
      int to = Math.min(writer.acknowledged(), from + 100);
      StringBuilder gets = new StringBuilder();
      for (int i = from; i < to; i++) {
        gets.append(Ascii.text(InMemoryServer.request("GET", writer.prefix + i)));
      }
      client.send(gets.toString());
      for (int i = from; i < to; i++) {
        String value = value(i);
        assertEquals(
            "$" + value.length() + "\r\n" + value + "\r\n", client.read(), writer.prefix + i);
      }
    }
  }
}
