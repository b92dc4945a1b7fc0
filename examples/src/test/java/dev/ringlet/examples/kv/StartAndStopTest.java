package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as users see it: a process with options, messages and an exit code. */
@Timeout(90)
final class StartAndStopTest {
  @TempDir Path data;

  private void fill() throws Exception {
    try (ServerProcess server = ServerProcess.kv(data);
        RespClient client = new RespClient(server.awaitPort())) {
      for (int i = 0; i < 100; i++) {
        client.call("SET", "key" + i, "value" + i);
      }
      server.terminate();
      assertEquals(ServerProcess.SIGTERM_EXIT, server.awaitEnd());
      assertTrue(server.output().contains("stopped, the logs are closed"), server.output());
    }
  }

  private Path log() {
    return DataDirectory.logPath(data, 0);
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void cleanStopKeepsEverything(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    try (ServerProcess server = ServerProcess.kv(data, "--fsync", "no", "--driver", driver);
        RespClient client = new RespClient(server.awaitPort())) {
      client.call("SET", "a", "1", "EX", "1000");
      client.call("MSET", "b", "2", "c", "3");
      client.call("APPEND", "b", "x");
      client.call("DEL", "c");
      client.call("INCR", "n");
      server.terminate();
      assertEquals(ServerProcess.SIGTERM_EXIT, server.awaitEnd());
    }
    try (ServerProcess server = ServerProcess.kv(data, "--driver", driver);
        RespClient client = new RespClient(server.awaitPort())) {
      assertEquals("*4\r\n$1\r\n1\r\n$2\r\n2x\r\n$-1\r\n$1\r\n1\r\n", client.run("MGET a b c n"));
      String left = client.run("TTL a");
      assertTrue(left.equals(":1000\r\n") || left.startsWith(":99"), left);
      assertTrue(server.output().contains("shards on the " + driver + " driver"), server.output());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void tornTailIsCutOffWithALogLine(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    fill();
    long size = Files.size(log());
    Files.write(log(), new byte[] {1, 2, 3, 4, 5, 6, 7}, StandardOpenOption.APPEND);
    try (ServerProcess server = ServerProcess.kv(data, "--driver", driver);
        RespClient client = new RespClient(server.awaitPort())) {
      assertEquals(":100\r\n", client.run("DBSIZE"));
      assertTrue(
          server.output().contains(log() + ": torn record at offset " + size + ": cut off 7 bytes"),
          server.output());
    }
    assertEquals(size, Files.size(log()));
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void corruptMiddleStopsTheStartWithFileAndOffset(String driver) throws Exception {
    Drivers.assumeAvailable(driver);
    fill();
    byte[] bytes = Files.readAllBytes(log());
    bytes[LogFormat.FILE_HEADER_BYTES + LogFormat.RECORD_HEADER_BYTES + 3] ^= 1;
    Files.write(log(), bytes);
    try (ServerProcess server = ServerProcess.kv(data, "--driver", driver)) {
      assertEquals(1, server.awaitEnd());
      assertTrue(
          server
              .output()
              .contains("ringlet kv: " + log() + ": corrupt record at offset 32, valid data"),
          server.output());
    }
  }

  @Test
  void damagedFileHeaderStopsTheStart() throws Exception {
    fill();
    byte[] bytes = Files.readAllBytes(log());
    bytes[3] ^= 1;
    Files.write(log(), bytes);
    try (ServerProcess server = ServerProcess.kv(data)) {
      assertEquals(1, server.awaitEnd());
      assertTrue(
          server.output().contains(log() + ": the header at offset 0 is damaged"), server.output());
    }
  }

  @Test
  void dataOfAnotherShardCountIsRefused() throws Exception {
    fill();
    try (ServerProcess server =
        ServerProcess.run("kv", "--port", "0", "--executors", "3", "--data", data.toString())) {
      assertEquals(2, server.awaitEnd());
      assertTrue(server.output().contains("was written with --executors 2"), server.output());
    }
  }

  @Test
  void dataInUseIsRefused() throws Exception {
    try (ServerProcess first = ServerProcess.kv(data)) {
      first.awaitPort();
      try (ServerProcess second = ServerProcess.kv(data)) {
        assertEquals(2, second.awaitEnd());
        assertTrue(second.output().contains("another server is using it"), second.output());
      }
    }
  }

  @Test
  void dataThatCannotBeWrittenIsRefused() throws Exception {
    Path file = Files.writeString(data.resolve("file"), "x");
    try (ServerProcess server = ServerProcess.kv(file)) {
      assertEquals(2, server.awaitEnd());
      assertTrue(server.output().contains("--data " + file), server.output());
    }
  }

  @Test
  void portInUseIsRefused() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerProcess server =
            ServerProcess.run(
                "kv", "--data", data.toString(), "--port", "" + socket.getLocalPort())) {
      assertEquals(2, server.awaitEnd());
      assertTrue(
          server.output().contains("--port " + socket.getLocalPort() + ": cannot listen"),
          server.output());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kv --port x",
        "kv --port 70000",
        "kv --executors 0",
        "kv --fsync sometimes",
        "kv --compact-factor 0.5",
        "kv --compact-factor -1",
        "kv --compact-min x",
        "kv --value-limit 1t",
        "kv --value-limit 513m",
        "kv --driver epoll",
        "kv --nosuch",
        "echo --port -1",
        "hello x",
        "nosuch",
        ""
      })
  void badOptionsAreExplained(String arguments) throws Exception {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ", -1);
    try (ServerProcess program = ServerProcess.run(words)) {
      assertEquals(2, program.awaitEnd(), program.output());
      assertTrue(program.output().contains("--help'"), program.output());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "kv --help", "echo --help", "hello --help"})
  void everythingHasHelp(String arguments) throws Exception {
    try (ServerProcess program = ServerProcess.run(arguments.split(" ", -1))) {
      assertEquals(0, program.awaitEnd());
      assertTrue(program.output().startsWith("Usage: ringlet-examples"), program.output());
    }
  }

  @Test
  void changesArePrinted() throws Exception {
    try (ServerProcess server = ServerProcess.kv(data, "--changes");
        RespClient client = new RespClient(server.awaitPort())) {
      client.call("SET", "greeting", "hello");
      client.call("DEL", "greeting");
      // The feed begins some time after the port is open; what comes last is surely in it.
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                client.call("SET", "last", "one");
                return server.hasPrinted("SET \"last\" \"one\"");
              });
      server.terminate();
      assertEquals(ServerProcess.SIGTERM_EXIT, server.awaitEnd());
    }
  }

  /** A full disk: writes are refused, reads go on, and with room again writes do, too. */
  @ParameterizedTest
  @CsvSource({"uring, always", "uring, everysec", "nio, always", "nio, everysec"})
  void failedWritesAreReportedAndRecoveredFrom(String driver, String fsync) throws Exception {
    Drivers.assumeAvailable(driver);
    assumeTrue(Tools.isInstalled("prlimit"), "prlimit is not installed");
    try (ServerProcess server =
            ServerProcess.kvWithFileLimit(data, 256 << 10, "--fsync", fsync, "--driver", driver);
        RespClient client = new RespClient(server.awaitPort())) {
      assertEquals("+OK\r\n", client.call("SET", "before", "1"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.call("SET", "big", "x".repeat(50_000)).startsWith("-MISCONF"));
      assertEquals("$1\r\n1\r\n", client.run("GET before"));
      raiseFileLimit(server.pid());
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.call("SET", "big", "after").equals("+OK\r\n"));
      server.kill();
    }
    try (ServerProcess server = ServerProcess.kv(data, "--driver", driver);
        RespClient client = new RespClient(server.awaitPort())) {
      assertEquals("$1\r\n1\r\n", client.run("GET before"));
      if (fsync.equals("always")) {
        assertEquals("$5\r\nafter\r\n", client.run("GET big"));
      }
    }
  }

  private static void raiseFileLimit(long pid) throws IOException, InterruptedException {
    Process raise =
        new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=unlimited").start();
    assertTrue(raise.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, raise.exitValue());
  }
}
