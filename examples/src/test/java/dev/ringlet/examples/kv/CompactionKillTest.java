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
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The process is killed again and again while its logs are compacted all the time. */
@Timeout(120)
final class CompactionKillTest {
  private static final int ROUNDS = 4;
  private static final int WRITERS = 3;
  private static final int PIPELINE = 6;
  private static final int KEYS = 31;

  @TempDir Path data;

  /** Writes and deletes a few keys in turn, in pipelines, until the server is gone. */
  private static final class Writer extends Thread {
    private final int port;
    private final String prefix;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    Writer(int port, String prefix) {
      this.port = port;
      this.prefix = prefix;
    }

    int acknowledged() {
      return acknowledged.get();
    }

    @Override
    public void run() {
      try (RespClient client = new RespClient(port)) {
        for (; ; ) {
          StringBuilder batch = new StringBuilder();
          int first = sent.get();
          for (int i = first; i < first + PIPELINE; i++) {
            String key = key(i);
            batch.append(
                Ascii.text(
                    isDelete(i)
                        ? InMemoryServer.request("DEL", key)
                        : InMemoryServer.request("SET", key, value(i))));
          }
          sent.addAndGet(PIPELINE);
          client.send(batch.toString());
          for (int i = 0; i < PIPELINE; i++) {
            if (client.read().startsWith("-")) {
              return;
            }
            acknowledged.incrementAndGet();
          }
        }
      } catch (IOException gone) {
        // That is how every round ends.
      }
    }

    private String key(int number) {
      return prefix + number % KEYS;
    }

    private static boolean isDelete(int number) {
      return number % 5 == 2;
    }

    private static String value(int number) {
      return "value-" + number + "-" + "x".repeat(number % 300);
    }

    private static String reply(int number) {
      String value = value(number);
      return isDelete(number) ? "$-1\r\n" : "$" + value.length() + "\r\n" + value + "\r\n";
    }

    /** Each key is as its last acknowledged command has left it, or one that was sent later. */
    void verify(RespClient client) throws IOException {
      int known = acknowledged.get();
      for (int slot = 0; slot < KEYS; slot++) {
        Set<String> allowed = new TreeSet<>();
        int last = known - 1 - Math.floorMod(known - 1 - slot, KEYS);
        allowed.add(last < 0 ? "$-1\r\n" : reply(last));
        for (int later = last + KEYS; later < sent.get(); later += KEYS) {
          allowed.add(reply(later));
        }
        String found = client.call("GET", prefix + slot);
        assertTrue(allowed.contains(found), prefix + slot + ": " + found + " not in " + allowed);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void nothingAcknowledgedIsLostAndNothingDeletedComesBack(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    Random random = new Random(43);
    List<Writer> all = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = start(driver)) {
        int port = server.awaitPort();
        verify(port, all);
        List<Writer> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          writers.add(new Writer(port, "r" + round + "w" + i + ":"));
        }
        writers.forEach(Thread::start);
        awaitCompactions(port, 3 + random.nextInt(10));
        int enough = 100 + random.nextInt(200);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> writers.stream().allMatch(writer -> writer.acknowledged() > enough));
        server.kill();
        for (Writer writer : writers) {
          writer.join();
        }
        all.addAll(writers);
      }
    }
    try (ServerProcess server = start(driver)) {
      verify(server.awaitPort(), all);
    }
  }

  private ServerProcess start(String driver) throws IOException {
    return ServerProcess.kv(
        data,
        "--fsync",
        "always",
        "--driver",
        driver,
        "--compact-factor",
        "1",
        "--compact-min",
        "0");
  }

  private static void awaitCompactions(int port, int count) throws IOException {
    try (RespClient client = new RespClient(port)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> Integer.parseInt(TestServer.info(client, "aof_rewrites")) >= count);
      assertEquals("0", TestServer.info(client, "aof_rewrite_failures"));
    }
  }

  private static void verify(int port, List<Writer> writers) throws IOException {
    try (RespClient client = new RespClient(port)) {
      for (Writer writer : writers) {
        assertTrue(writer.acknowledged() > 0);
        writer.verify(client);
      }
    }
  }
}
