package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link RedisComparisonTest} cannot compare: time, many shards, limits, our own words. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends matter
final class CommandsTest {
  private final InMemoryServer server = new InMemoryServer(4);

  @Test
  void keysExpireWithTime() {
    assertEquals("+OK\r\n", server.run("SET a 1 PX 1500"));
    assertEquals(":1500\r\n", server.run("PTTL a"));
    assertEquals(":2\r\n", server.run("TTL a"));
    server.advance(1001);
    assertEquals(":499\r\n", server.run("PTTL a"));
    assertEquals(":0\r\n", server.run("TTL a"));
    server.advance(499);
    assertEquals("$-1\r\n", server.run("GET a"));
    assertEquals(":-2\r\n", server.run("TTL a"));
    assertEquals("+OK\r\n", server.run("SET a 1 NX"));
  }

  @Test
  void commandsOnManyKeysWorkAcrossShards() {
    StringBuilder mset = new StringBuilder("MSET");
    StringBuilder mget = new StringBuilder("MGET");
    StringBuilder expected = new StringBuilder("*100\r\n");
    for (int i = 0; i < 100; i++) {
      mset.append(" key").append(i).append(' ').append(i);
      mget.append(" key").append(i);
      expected.append(InMemoryServer.text(Replies.bulk(Integer.toString(i))));
    }
    assertEquals("+OK\r\n", server.run(mset.toString()));
    assertEquals(expected.toString(), server.run(mget.toString()));
    assertEquals(":100\r\n", server.run("DBSIZE"));
    assertEquals(":100\r\n", server.run(mget.toString().replace("MGET", "EXISTS")));
    assertEquals(":100\r\n", server.run(mget.toString().replace("MGET", "DEL")));
    for (int shard = 0; shard < 4; shard++) {
      assertEquals(0, server.keys(shard).size());
    }
  }

  @Test
  void flushAllEmptiesEveryShard() {
    for (int i = 0; i < 100; i++) {
      server.run("SET key" + i + " x");
    }
    for (int shard = 0; shard < 4; shard++) {
      assertTrue(server.keys(shard).size() > 0, "keys are spread");
    }
    assertEquals("+OK\r\n", server.run("FLUSHALL"));
    assertEquals(":0\r\n", server.run("DBSIZE"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void scanGoesThroughAllShards(int shards) {
    InMemoryServer many = new InMemoryServer(shards);
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      many.run("SET key:" + i + " x");
      many.run("SET other:" + i + " x");
      expected.add("key:" + i);
    }
    Set<String> seen = new HashSet<>();
    String cursor = "0";
    int steps = 0;
    do {
      String[] lines = many.run("SCAN " + cursor + " MATCH key:* COUNT 50").split("\r\n", -1);
      cursor = lines[2];
      for (int i = 5; i < lines.length - 1; i += 2) {
        assertTrue(seen.add(lines[i]), lines[i]);
      }
      assertTrue(++steps < 1000);
    } while (!cursor.equals("0"));
    assertEquals(expected, seen);
  }

  @Test
  void growingOverTheValueLimitIsRefused() {
    InMemoryServer small = new InMemoryServer(1, RespLimits.ofValue(10), Long.MAX_VALUE);
    assertEquals(":8\r\n", small.run("APPEND a 12345678"));
    assertEquals(
        "-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n",
        small.run("APPEND a 123"));
    assertEquals(":10\r\n", small.run("APPEND a 90"));
    String replies =
        small.stream(Ascii.bytes("*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$11\r\n01234567890\r\nGET a\r\n"));
    assertEquals(
        "-ERR argument of 11 bytes is over the configured limit of 10 bytes\r\n"
            + "$10\r\n1234567890\r\n",
        replies);
  }

  @Test
  void fullMemoryRefusesOnlyWhatNeedsMore() {
    InMemoryServer full = new InMemoryServer(1, RespLimits.defaults(), 1000);
    String error = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
    assertEquals("+OK\r\n", full.run("SET a " + "x".repeat(1000)));
    assertEquals(error, full.run("SET b 1"));
    assertEquals(error, full.run("APPEND a 1"));
    assertEquals(error, full.run("INCR c"));
    assertEquals(":1000\r\n", full.run("STRLEN a"));
    assertEquals(":1\r\n", full.run("EXPIRE a 100"));
    assertEquals(":1\r\n", full.run("DEL a"));
    assertEquals("+OK\r\n", full.run("SET b 1"));
  }

  @Test
  void quitAnswersAndCloses() {
    assertFalse(server.session().isClosing());
    assertEquals("+OK\r\n", server.run("QUIT"));
    assertTrue(server.session().isClosing());
  }

  @Test
  void clientsAreNamedAndListed() {
    assertEquals(":1\r\n", server.run("CLIENT ID"));
    assertEquals("+OK\r\n", server.run("CLIENT SETINFO LIB-NAME jedis"));
    assertEquals("+OK\r\n", server.run("CLIENT SETINFO lib-ver 1.2"));
    assertEquals("-ERR Unrecognized option 'x'\r\n", server.run("CLIENT SETINFO x 1.2"));
    assertEquals("+OK\r\n", server.run("CLIENT SETNAME me"));
    String line = server.run("CLIENT LIST");
    assertTrue(line.contains("id=1 addr=127.0.0.1:1 laddr=127.0.0.1:6379 name=me"), line);
    assertTrue(line.contains("lib-name=jedis lib-ver=1.2"), line);
    assertEquals(line, server.run("CLIENT INFO"));
  }

  @Test
  void commandsDescribeThemselves() {
    int count = CommandTable.INSTANCE.commands().size();
    assertEquals(":" + count + "\r\n", server.run("COMMAND COUNT"));
    assertTrue(server.run("COMMAND").startsWith("*" + count + "\r\n"));
    assertTrue(server.run("COMMAND DOCS").startsWith("*" + 2 * count + "\r\n"));
    assertTrue(server.run("COMMAND LIST").startsWith("*" + count + "\r\n"));
    assertTrue(
        server
            .run("COMMAND INFO mset")
            .startsWith(
                "*1\r\n"
                    + "*10\r\n"
                    + "$4\r\n"
                    + "mset\r\n"
                    + ":-3\r\n"
                    + "*2\r\n"
                    + "+write\r\n"
                    + "+denyoom\r\n"
                    + ":1\r\n"
                    + ":-1\r\n"
                    + ":2\r\n"));
    assertEquals("*0\r\n", server.run("COMMAND DOCS nosuch"));
  }

  @Test
  void infoAddsUpTheShards() {
    for (int i = 0; i < 50; i++) {
      server.run("SET key" + i + " x" + (i < 20 ? " EX 100" : ""));
    }
    assertTrue(server.run("INFO").contains("\r\ndb0:keys=50,expires=20,avg_ttl=0\r\n"));
    String keyspace = server.run("INFO keyspace");
    assertTrue(keyspace.contains("# Keyspace") && !keyspace.contains("# Server"), keyspace);
    assertTrue(server.run("INFO server").contains("redis_version:7"));
  }

  @Test
  void handshakeOfNewerProtocolsIsUnknown() {
    assertEquals(
        "-ERR unknown command 'HELLO', with args beginning with: '3' \r\n", server.run("HELLO 3"));
  }

  @Test
  void failedLogRefusesWritesOnly() {
    KeySpace keys = new KeySpace(100);
    ShardEngine engine = new ShardEngine(keys, Long.MAX_VALUE);
    CommandSpec set = Objects.requireNonNull(CommandTable.INSTANCE.find(Ascii.bytes("set")));
    CommandSpec get = Objects.requireNonNull(CommandTable.INSTANCE.find(Ascii.bytes("GeT")));
    byte[][] words = {Ascii.bytes("set"), Ascii.bytes("k"), Ascii.bytes("v")};
    engine.refuseWrites(Errors.logFailed("No space left on device"));
    assertEquals(
        "-MISCONF Errors writing to the AOF file: No space left on device\r\n",
        InMemoryServer.text(engine.execute(new Request(set, words, Bytes.of("k")), 0)));
    assertEquals(Replies.NIL, engine.execute(new Request(get, words, Bytes.of("k")), 0));
    engine.refuseWrites(null);
    assertEquals(Replies.OK, engine.execute(new Request(set, words, Bytes.of("k")), 0));
  }
}
