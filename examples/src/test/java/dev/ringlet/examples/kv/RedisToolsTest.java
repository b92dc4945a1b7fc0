package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Redis's own tools, of Debian's package redis-tools, against the server. */
@Timeout(120)
final class RedisToolsTest {
  @TempDir Path data;
  @TempDir Path scratch;

  private String run(String input, List<String> command) throws Exception {
    assumeTrue(Tools.isInstalled(command.get(0)), command.get(0) + " is not installed");
    Path in = Files.writeString(scratch.resolve("in"), input);
    Path out = scratch.resolve("out");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "no end: " + command);
      String text = Files.readString(out, StandardCharsets.ISO_8859_1);
      assertEquals(0, process.exitValue(), text);
      return text;
    } finally {
      process.destroyForcibly();
    }
  }

  private String cli(TestServer server, String... commands) throws Exception {
    return run(
        String.join("\n", commands) + "\n",
        List.of("redis-cli", "-p", Integer.toString(server.port())));
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void redisCliSpeaksToUs(String driver) throws Exception {
    try (TestServer server = new TestServer(data, driver)) {
      String output =
          cli(
              server,
              "PING",
              "SET greeting \"hello world\" EX 100",
              "GET greeting",
              "TTL greeting",
              "SET greeting x NX",
              "SET greeting x XX",
              "APPEND greeting yz",
              "STRLEN greeting",
              "MSET a 1 b 2 c 3",
              "MGET a b c d",
              "INCR a",
              "INCRBY a 10",
              "DECR b",
              "DECRBY b 10",
              "EXISTS a b c d",
              "DEL a d",
              "TYPE b",
              "EXPIRE b 50",
              "PERSIST b",
              "TTL b",
              "DBSIZE",
              "SELECT 0",
              "ECHO \"a b\"",
              "INCR c x",
              "NOSUCH command",
              "CONFIG GET appendonly",
              "COMMAND COUNT",
              "FLUSHALL",
              "DBSIZE");
      assertEquals(
          String.join(
                  "\n",
                  "PONG",
                  "OK",
                  "hello world",
                  "100",
                  "",
                  "OK",
                  "3",
                  "3",
                  "OK",
                  "1",
                  "2",
                  "3",
                  "",
                  "2",
                  "12",
                  "1",
                  "-9",
                  "3",
                  "1",
                  "string",
                  "1",
                  "1",
                  "-1",
                  "3",
                  "OK",
                  "a b",
                  "ERR wrong number of arguments for 'incr' command",
                  "",
                  "ERR unknown command 'NOSUCH', with args beginning with: 'command' ",
                  "",
                  "appendonly",
                  "yes",
                  Integer.toString(CommandTable.INSTANCE.commands().size()),
                  "OK",
                  "0")
              + "\n",
          output);
    }
  }

  /** redis-cli --scan walks the cursor to its end; every key comes once. */
  @Test
  void scanListsEveryKey() throws Exception {
    try (TestServer server = new TestServer(data, "nio");
        RespClient client = server.connect()) {
      for (int i = 0; i < 1000; i++) {
        client.run("SET key:" + i + " x");
      }
      List<String> port = List.of("-p", Integer.toString(server.port()));
      List<String> command = new ArrayList<>(List.of("redis-cli"));
      command.addAll(port);
      command.addAll(List.of("--scan", "--pattern", "key:*"));
      assertEquals(1000, run("", command).lines().distinct().count());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "uring, NO, 50, 1", "uring, NO, 50, 16", "uring, NO, 500, 16", "uring, ALWAYS, 50, 16",
    "nio, NO, 50, 1", "nio, NO, 50, 16", "nio, NO, 500, 16", "nio, ALWAYS, 50, 16"
  })
  void redisBenchmarkRunsWithoutError(
      String driver, FsyncPolicy fsync, int connections, int pipeline) throws Exception {
    try (TestServer server = new TestServer(data, driver, fsync, 1 << 20, 64 << 20);
        RespClient client = server.connect()) {
      String output =
          run(
              "",
              List.of(
                  "redis-benchmark",
                  "-p",
                  Integer.toString(server.port()),
                  "-t",
                  "ping,set,get,incr,mset",
                  "-r",
                  "10000",
                  "-n",
                  "20000",
                  "-c",
                  Integer.toString(connections),
                  "-P",
                  Integer.toString(pipeline),
                  "-q"));
      assertFalse(output.contains("ERR") || output.contains("Error"), output);
      assertEquals(
          6, output.lines().filter(line -> line.contains("requests per second")).count(), output);
      server.awaitQuiet(client);
    }
  }
}
