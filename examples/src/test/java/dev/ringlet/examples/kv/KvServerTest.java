package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What only the actors together do: order across shards, expiry on its own, restart. */
@Timeout(60)
final class KvServerTest {
  private static final String DRIVERS = "dev.ringlet.examples.kv.Drivers#all";

  @TempDir Path data;

  /** Commands for both shards, in one pipeline, are answered in their order. */
  @ParameterizedTest
  @CsvSource({"uring, NO", "uring, ALWAYS", "nio, NO", "nio, ALWAYS"})
  void repliesKeepTheOrderAcrossShards(String driver, FsyncPolicy fsync) throws IOException {
    try (TestServer server = new TestServer(data, driver, fsync, 1 << 20, 64 << 20);
        RespClient client = server.connect()) {
      for (int round = 0; round < 20; round++) {
        StringBuilder requests = new StringBuilder();
        StringBuilder replies = new StringBuilder();
        for (int i = 0; i < 200; i++) {
          String value = round + "-" + i;
          requests.append("SET k").append(i).append(' ').append(value).append("\r\nECHO e");
          requests.append(i).append("\r\nGET k").append(i).append("\r\nMGET k0 k").append(i);
          requests.append(" none\r\n");
          String bulk = InMemoryServer.text(Replies.bulk(value));
          String first = InMemoryServer.text(Replies.bulk(round + "-0"));
          replies.append("+OK\r\n").append(InMemoryServer.text(Replies.bulk("e" + i)));
          replies.append(bulk).append("*3\r\n").append(first).append(bulk).append("$-1\r\n");
        }
        client.send(requests.toString());
        StringBuilder received = new StringBuilder();
        for (int i = 0; i < 800; i++) {
          received.append(client.read());
        }
        assertEquals(replies.toString(), received.toString());
      }
      server.awaitQuiet(client);
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void expiredKeysGoWithoutBeingTouched(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      for (int i = 0; i < 2000; i++) {
        client.run("SET passing" + i + " x PX " + (1 + i % 200));
      }
      client.run("SET lasting x EX 1000");
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.run("DBSIZE").equals(":1\r\n"));
      assertTrue(client.run("INFO stats").contains("expired_keys:2000"));
    }
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      assertEquals(":1\r\n", client.run("DBSIZE"));
      assertEquals(":1\r\n", client.run("EXISTS lasting"));
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void restartKeepsLargeAndSmallValues(String driver) throws IOException {
    byte[] large = new byte[1 << 20];
    new Random(9).nextBytes(large);
    String text = Ascii.text(large);
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      for (int i = 0; i < 20; i++) {
        assertEquals("+OK\r\n", client.call("SET", "large" + i, text));
        assertEquals("+OK\r\n", client.call("SET", "small" + i, "x" + i));
        assertEquals(i < 10 ? ":3\r\n" : ":4\r\n", client.call("APPEND", "small" + i, "+"));
      }
      client.run("DEL large3");
    }
    assertTrue(Files.size(DataDirectory.logPath(data, 0)) > 1 << 20);
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      assertEquals(":39\r\n", client.run("DBSIZE"));
      assertEquals("$1048576\r\n" + text + "\r\n", client.run("GET large7"));
      assertEquals("$3\r\nx5+\r\n", client.run("GET small5"));
      assertEquals("$-1\r\n", client.run("GET large3"));
      server.awaitQuiet(client);
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void flushAllSurvivesARestart(String driver) throws IOException {
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      for (int i = 0; i < 100; i++) {
        client.run("SET k" + i + " x");
      }
      assertEquals("+OK\r\n", client.run("FLUSHALL"));
      client.run("SET after x");
    }
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      assertEquals(":1\r\n", client.run("DBSIZE"));
    }
  }
}
