package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promise of {@code --fsync always}: the process is killed under load again and again, and
 * every write that was acknowledged is there afterwards.
 */
@Timeout(180)
final class KillTest {
  private static final int ROUNDS = 10;
  private static final int WRITERS = 4;
  private static final int PIPELINE = 8;

  @TempDir Path data;

  /** Writes numbered keys in pipelines until the server is gone. */
  private static final class Writer extends Thread {
    private final int port;
    private final String prefix;
    private final AtomicInteger acknowledgedWrites = new AtomicInteger();

    Writer(int port, String prefix) {
      this.port = port;
      this.prefix = prefix;
    }

    int acknowledged() {
      return acknowledgedWrites.get();
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
            assertEquals("+OK\r\n", client.read());
            acknowledgedWrites.incrementAndGet();
          }
        }
      } catch (IOException killed) {
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
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          writers.add(new Writer(port, "r" + round + "w" + i + ":"));
        }
        writers.forEach(Thread::start);
        int enough = 50 + random.nextInt(400);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> writers.stream().allMatch(writer -> writer.acknowledged() > enough));
        server.kill();
        for (Writer writer : writers) {
          writer.join();
        }
        all.addAll(writers);
      }
    }
    try (ServerProcess server = ServerProcess.kv(data, "--driver", driver)) {
      verify(server.awaitPort(), all);
    }
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
