package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** The two client libraries that Java programs use. */
@Timeout(60)
final class ClientLibrariesTest {
  @TempDir Path data;

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void jedis(String driver) {
    try (TestServer server = new TestServer(data, driver);
        Jedis jedis = new Jedis("127.0.0.1", server.port())) {
      assertEquals("PONG", jedis.ping());
      assertEquals("OK", jedis.set("k", "v", SetParams.setParams().nx().ex(100)));
      assertNull(jedis.set("k", "w", SetParams.setParams().nx()));
      assertEquals("v", jedis.get("k"));
      assertEquals(100, jedis.ttl("k"));
      assertEquals(1, jedis.persist("k"));
      assertEquals(3, jedis.append("k", "xy"));
      assertEquals(3, jedis.strlen("k"));
      assertEquals(5, jedis.incrBy("n", 5));
      assertEquals("OK", jedis.mset("a", "1", "b", "2"));
      assertEquals(List.of("1", "2"), jedis.mget("a", "b"));
      assertEquals(4, jedis.exists("a", "b", "k", "n"));
      assertEquals("string", jedis.type("a"));
      assertEquals(2, jedis.del("a", "b", "c"));
      assertThrows(JedisDataException.class, () -> jedis.incr("k"));
      byte[] binary = new byte[100_000];
      new Random(5).nextBytes(binary);
      jedis.set("binary".getBytes(StandardCharsets.UTF_8), binary);
      assertArrayEquals(binary, jedis.get("binary".getBytes(StandardCharsets.UTF_8)));
      assertTrue(jedis.info("server").contains("redis_version"));
      jedisPipelines(jedis);
      jedisScans(jedis);
      assertEquals("OK", jedis.flushAll());
      assertEquals(0, jedis.dbSize());
    }
  }

  private static void jedisPipelines(Jedis jedis) {
    List<Response<Long>> replies = new ArrayList<>();
    try (Pipeline pipeline = jedis.pipelined()) {
      for (int i = 0; i < 5000; i++) {
        pipeline.set("p" + i % 100, "x");
        replies.add(pipeline.incr("count"));
      }
      pipeline.sync();
    }
    for (int i = 0; i < replies.size(); i++) {
      assertEquals(i + 1, replies.get(i).get());
    }
  }

  private static void jedisScans(Jedis jedis) {
    Set<String> seen = new HashSet<>();
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> result = jedis.scan(cursor, new ScanParams().match("p*").count(7));
      seen.addAll(result.getResult());
      cursor = result.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    assertEquals(100, seen.size());
  }

  @ParameterizedTest
  @MethodSource("dev.ringlet.examples.kv.Drivers#all")
  void lettuce(String driver) {
    try (TestServer server = new TestServer(data, driver)) {
      RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
      try (StatefulRedisConnection<String, String> connection = client.connect()) {
        var commands = connection.sync();
        assertEquals("PONG", commands.ping());
        assertEquals("OK", commands.set("k", "v", SetArgs.Builder.px(100_000)));
        assertTrue(commands.pttl("k") > 90_000);
        assertEquals("v", commands.get("k"));
        assertEquals(1, commands.incr("n"));
        assertEquals(2, commands.mget("k", "n").size());
        assertEquals("PONG", commands.ping());
        lettuceAtOnce(connection.async());
        ScanIterator<String> keys = ScanIterator.scan(commands);
        assertEquals(1002, new HashSet<>(keys.stream().toList()).size());
        assertEquals(1002, commands.dbsize());
      } finally {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
      }
    }
  }

  private static void lettuceAtOnce(RedisAsyncCommands<String, String> commands) {
    List<RedisFuture<?>> replies = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      replies.add(commands.set("async:" + i, Integer.toString(i)));
    }
    assertTrue(
        LettuceFutures.awaitAll(Duration.ofSeconds(20), replies.toArray(RedisFuture[]::new)));
    assertEquals("999", commands.get("async:999").toCompletableFuture().join());
  }
}
