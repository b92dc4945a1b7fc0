package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same commands to a real Redis and to our logic: every byte of every reply is the same. */
final class RedisComparisonTest {
  private static final String[] SCRIPT = {
    "PING",
    "ping hello",
    "PING a b",
    "ECHO x",
    "ECHO",
    "ECHO a b",
    "echo ",
    "GET",
    "GET a b",
    "get missing",
    "SET",
    "SET a",
    "SET a 1",
    "GET a",
    "SET a 2 NX",
    "GET a",
    "SET a 3 XX",
    "GET a",
    "SET b 1 XX",
    "GET b",
    "SET b 1 NX",
    "GET b",
    "SET a 4 NX XX",
    "SET a 5 GET",
    "SET new 5 GET",
    "SET a 6 XX GET",
    "SET absent 6 XX GET",
    "SET a 7 NX GET",
    "SET fresh 7 NX GET",
    "GET fresh",
    "SET a 8 EX",
    "SET a 8 EX x",
    "SET a 8 EX 0",
    "SET a 8 EX -1",
    "SET a 8 PX 0",
    "SET a 8 EXAT 0",
    "SET a 8 PXAT -5",
    "SET a 8 EX 10 PX 10",
    "SET a 8 EX 10 EX 20",
    "TTL a",
    "SET a 8 EX 10 KEEPTTL",
    "SET a 8 KEEPTTL EX 10",
    "SET a 9 KEEPTTL",
    "TTL a",
    "SET a 9",
    "TTL a",
    "SET a 9 EX 9223372036854775807",
    "SET a 9 PX 9223372036854775807",
    "SET a 9 EX 9223372036854775",
    "SET a 1 FOO",
    "SET a 1 GET GET",
    "SET a 1 nx ex 100",
    "SET zz 1 nx ex 100",
    "TTL zz",
    "SET zz 1 XX KEEPTTL",
    "TTL zz",
    "SET past 1 EXAT 1",
    "GET past",
    "EXISTS past",
    "DEL",
    "DEL a",
    "DEL a",
    "DEL b fresh missing b",
    "EXISTS",
    "SET a 1",
    "EXISTS a a b",
    "EXISTS b",
    "INCR",
    "INCR n",
    "INCR n",
    "INCRBY n 10",
    "DECRBY n 3",
    "DECR n",
    "GET n",
    "INCR n x",
    "SET n 9223372036854775807",
    "INCR n",
    "INCRBY n -1",
    "DECRBY n -9223372036854775808",
    "DECRBY n -2",
    "INCRBY n 9223372036854775808",
    "INCRBY n 1.5",
    "INCRBY n  1",
    "INCRBY n 01",
    "SET n -9223372036854775808",
    "DECR n",
    "DECRBY n 1",
    "INCRBY n 0",
    "SET n abc",
    "INCR n",
    "SET n 012",
    "INCR n",
    "SET n -0",
    "INCR n",
    "SET n ",
    "INCR n",
    "SET n 10",
    "EXPIRE n 100",
    "INCR n",
    "TTL n",
    "APPEND n 0",
    "GET n",
    "TTL n",
    "APPEND",
    "APPEND s",
    "APPEND s abc",
    "APPEND s def",
    "GET s",
    "STRLEN s",
    "STRLEN none",
    "STRLEN",
    "STRLEN s t",
    "APPEND s ",
    "GET s",
    "MGET",
    "MGET s",
    "MGET s none n s",
    "MSET",
    "MSET a",
    "MSET a 1 b",
    "MSET a 1 b 2 c 3",
    "MGET a b c d e",
    "MSET a x a y",
    "GET a",
    "EXPIRE",
    "EXPIRE a",
    "EXPIRE a x",
    "EXPIRE none 10",
    "EXPIRE a 100",
    "TTL a",
    "EXPIRE a 50 GT",
    "TTL a",
    "EXPIRE a 50 LT",
    "TTL a",
    "EXPIRE a 10 NX",
    "EXPIRE a 10 XX",
    "TTL a",
    "EXPIRE a 10 NX XX",
    "EXPIRE a 10 GT LT",
    "EXPIRE a 10 NX GT",
    "EXPIRE a 10 FOO",
    "EXPIRE b 10 XX",
    "EXPIRE b 10 GT",
    "TTL b",
    "EXPIRE b 10 LT",
    "TTL b",
    "PERSIST b",
    "TTL b",
    "PERSIST b",
    "PERSIST none",
    "PERSIST",
    "TTL none",
    "PTTL none",
    "PTTL b",
    "TTL",
    "PTTL",
    "EXPIRE a 9223372036854775807",
    "EXPIRE a -9223372036854775808",
    "PEXPIRE a 9223372036854775807",
    "PEXPIRE a 100000",
    "TTL a",
    "PEXPIRE a 100500",
    "EXPIRE a 0",
    "EXISTS a",
    "EXPIRE b -1",
    "GET b",
    "PEXPIRE c -5",
    "DBSIZE",
    "PEXPIRE s 9223372036854",
    "EXPIRE s FOO FOO",
    "TYPE",
    "TYPE s",
    "TYPE none",
    "SELECT",
    "SELECT 0",
    "SELECT 999",
    "SELECT -1",
    "SELECT x",
    "SELECT 99999999999",
    "DBSIZE",
    "DBSIZE x",
    "SCAN",
    "SCAN x",
    "SCAN -x",
    "SCAN 0 COUNT",
    "SCAN 0 COUNT 0",
    "SCAN 0 COUNT x",
    "SCAN 0 FOO 1",
    "SCAN 0 MATCH",
    "SCAN 0 COUNT 1000 TYPE list",
    "SCAN 0 TYPE none COUNT 1000",
    "SCAN 99999999999999999999999",
    "CLIENT",
    "CLIENT GETNAME",
    "CLIENT SETNAME x",
    "CLIENT GETNAME",
    "CLIENT SETNAME a\tb",
    "CLIENT SETNAME",
    "CLIENT GETNAME x",
    "CLIENT ID x",
    "CLIENT FOO",
    "client bar",
    "COMMAND FOO",
    "COMMAND INFO nosuch",
    "CONFIG",
    "CONFIG GET",
    "CONFIG FOO",
    "CONFIG GET save",
    "CONFIG GET maxmemory-polic?",
    "CONFIG GET nosuch",
    "CONFIG GET databases x",
    "NOSUCH",
    "nosuch a b c",
    "NOSUCH a\nb",
    "no\r\nsuch",
    "NOSUCH  x",
    "FLUSHALL x",
    "FLUSHALL ASYNC SYNC",
    "FLUSHALL sync",
    "DBSIZE",
    "SET a 1",
    "FLUSHALL async",
    "GET a",
    "FLUSHALL",
    "INFO nosuchsection",
  };

  /** Where we differ on purpose. */
  private static final List<String> DIFFERENT =
      List.of(
          "CONFIG GET databases x", // Redis has 16
          "SCAN 0 COUNT 1000 TYPE list", // goes on in the next shard
          "SCAN 0 TYPE none COUNT 1000");

  @TempDir Path directory;

  private static String[] words(String command) {
    return command.split(" ", -1);
  }

  @Test
  void everyReplyIsTheSame() throws IOException {
    assumeTrue(Tools.isInstalled("redis-server"), "redis-server is not installed");
    List<String> differences = new ArrayList<>();
    InMemoryServer ours = new InMemoryServer(3);
    try (RedisServer redis = new RedisServer(directory);
        RespClient client = new RespClient(redis.port())) {
      for (String command : commands()) {
        String expected = client.call(words(command));
        String actual = ours.run(words(command));
        if (!expected.equals(actual) && !DIFFERENT.contains(command)) {
          differences.add(command + "\n  redis " + expected + "  ours  " + actual);
        }
      }
    }
    assertEquals(List.of(), differences);
  }

  private static List<String> commands() {
    List<String> commands = new ArrayList<>(List.of(SCRIPT));
    commands.add("NOSUCH " + "x".repeat(300));
    commands.add("NOSUCH " + "xyz ".repeat(100));
    commands.add("N".repeat(300));
    commands.addAll(random());
    return commands;
  }

  /** Thousands of random commands on few keys, so that they meet. */
  private static List<String> random() {
    String[] shapes = {
      "SET K V",
      "SET K V NX",
      "SET K V XX",
      "SET K V EX 1000",
      "SET K V GET",
      "SET K V KEEPTTL",
      "GET K",
      "DEL K K",
      "EXISTS K K K",
      "INCR K",
      "DECR K",
      "INCRBY K V",
      "DECRBY K V",
      "APPEND K V",
      "STRLEN K",
      "MGET K K K",
      "MSET K V K V",
      "EXPIRE K 500",
      "TTL K",
      "PERSIST K",
      "TYPE K",
      "DBSIZE",
      "EXPIRE K 300 LT",
      "EXPIRE K -1",
    };
    Random random = new Random(7);
    List<String> commands = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      StringBuilder command = new StringBuilder();
      for (String word : words(shapes[random.nextInt(shapes.length)])) {
        String filled =
            switch (word) {
              case "K" -> "k" + random.nextInt(12);
              case "V" -> random.nextInt(4) == 0 ? "text" : Integer.toString(random.nextInt(200));
              default -> word;
            };
        command.append(command.isEmpty() ? "" : " ").append(filled);
      }
      commands.add(command.toString());
    }
    return commands;
  }
}
