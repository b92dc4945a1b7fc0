package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A server in this process, on a port of its own, with a check at its end that nothing was lost.
 */
final class TestServer implements AutoCloseable {
  private static final int SHARDS = 2;
  private static final long MAX_MEMORY = 200L << 20;

  private final KvServer server;

  TestServer(Path data, String driver) {
    this(data, driver, FsyncPolicy.NO, 1 << 20, 64 << 20);
  }

  TestServer(Path data, String driver, FsyncPolicy fsync, int valueLimit, long outputLimit) {
    this(data, fsync, valueLimit, outputLimit, CompactionSettings.defaults(), pool(driver));
  }

  TestServer(Path data, String driver, FsyncPolicy fsync, CompactionSettings compaction) {
    this(data, fsync, compaction, pool(driver));
  }

  /** With settings of the executors. */
  TestServer(Path data, FsyncPolicy fsync, CompactionSettings compaction, ExecutorPool pool) {
    this(data, fsync, 1 << 20, 64 << 20, compaction, pool);
  }

  static String info(RespClient client, String name) throws IOException {
    return field(client.run("INFO"), name);
  }

  /** Of a driver that can be used here. */
  static ExecutorPool pool(String driver) {
    Drivers.assumeAvailable(driver);
    return ExecutorPool.defaults().withDriver(driver);
  }

  private TestServer(
      Path data,
      FsyncPolicy fsync,
      int valueLimit,
      long outputLimit,
      CompactionSettings compaction,
      ExecutorPool pool) {
    server =
        KvServer.start(
            new KvConfig(
                "127.0.0.1",
                0,
                SHARDS,
                data,
                fsync,
                compaction,
                RespLimits.ofValue(valueLimit),
                outputLimit,
                MAX_MEMORY,
                2000,
                Surroundings.ofProcess()),
            pool);
  }

  KvServer server() {
    return server;
  }

  int port() {
    return server.port();
  }

  RespClient connect() throws IOException {
    return new RespClient(server.port());
  }

  private static String field(String info, String name) {
    int start = info.indexOf(name + ":") + name.length() + 1;
    return info.substring(start, info.indexOf('\r', start));
  }

  /** Waits until so many clients are accepted; a connect returns before that. */
  void awaitClients(RespClient client, int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () ->
                assertEquals(
                    String.valueOf(count), field(client.run("INFO clients"), "connected_clients")));
  }

  /**
   * Waits until the given client is the only one, all actors of others are gone, and no buffer is
   * out.
   */
  void awaitQuiet(RespClient client) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () -> {
              assertEquals("1", field(client.run("INFO clients"), "connected_clients"));
              assertEquals(0, buffersLent());
              assertEquals(restingActors() + 1, livingActors());
            });
    assertEquals(0, server.system().stats().failures(), "no turn has failed");
    assertEquals(0, server.system().stats().deadLetters(), "no message was lost");
  }

  /** Shard, sweeper and listener on each executor. */
  private static long restingActors() {
    return 3L * SHARDS;
  }

  private long livingActors() {
    return server.system().stats().executors().stream().mapToLong(ExecutorStats::actors).sum();
  }

  private long buffersLent() {
    return server.system().stats().executors().stream()
        .mapToLong(executor -> executor.buffersLent() + executor.io().buffersLent())
        .sum();
  }

  @Override
  public void close() {
    server.close();
  }
}
