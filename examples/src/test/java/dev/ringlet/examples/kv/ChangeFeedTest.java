package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Every committed change comes once and in the order of its shard, however slow the reader is. */
@Timeout(60)
final class ChangeFeedTest {
  private static final int CHANGES = 5000;

  @TempDir Path data;

  @ParameterizedTest
  @CsvSource({"uring, NO", "uring, ALWAYS", "nio, NO", "nio, ALWAYS"})
  void slowSubscriberMissesNothing(String driver, FsyncPolicy fsync) throws Exception {
    try (TestServer server = new TestServer(data, driver, fsync, 1 << 20, 64 << 20)) {
      Map<String, Integer> last = new ConcurrentHashMap<>();
      Thread writer = new Thread(() -> write(server));
      writer.start();
      StepVerifier.create(
              Flux.merge(ChangeFeed.of(server.server(), true)).limitRate(16).take(CHANGES))
          .thenConsumeWhile(
              change -> {
                Mutation.Set set = (Mutation.Set) change;
                int value = Integer.parseInt(Ascii.text(set.value()));
                assertEquals(
                    last.getOrDefault(set.key().toString(), 0) + 1, value, "in order, no gap");
                last.put(set.key().toString(), value);
                return true;
              })
          .expectComplete()
          .verify(Duration.ofSeconds(40));
      // The last change comes here before its reply comes there.
      writer.join();
      assertEquals(CHANGES, last.values().stream().mapToInt(Integer::intValue).sum());
    }
  }

  /** The log is replaced again and again while a subscriber that is far behind reads it. */
  @ParameterizedTest
  @CsvSource({"uring, NO", "uring, ALWAYS", "nio, NO", "nio, ALWAYS"})
  void compactionHidesNothing(String driver, FsyncPolicy fsync) throws Exception {
    CompactionSettings always = new CompactionSettings(1, 0);
    try (TestServer server = new TestServer(data, driver, fsync, always);
        RespClient client = server.connect()) {
      AtomicBoolean enough = new AtomicBoolean();
      Thread writer =
          new Thread(
              () -> {
                while (!enough.get()) {
                  write(server);
                }
              });
      writer.start();
      Map<String, Integer> last = new HashMap<>();
      Flux.merge(ChangeFeed.of(server.server(), false))
          .limitRate(16)
          .take(4 * CHANGES)
          .doOnNext(
              change -> {
                Mutation.Set set = (Mutation.Set) change;
                int value = Integer.parseInt(Ascii.text(set.value()));
                Integer before = last.put(set.key().toString(), value);
                assertTrue(before == null || before + 1 == value, "in order, no gap");
              })
          .blockLast(Duration.ofSeconds(40));
      enough.set(true);
      writer.join();
      assertEquals(7, last.size());
      assertTrue(Integer.parseInt(TestServer.info(client, "aof_rewrites")) > 2);
    }
  }

  private static void write(TestServer server) {
    try (RespClient client = server.connect()) {
      for (int i = 0; i < CHANGES; i += 50) {
        StringBuilder batch = new StringBuilder();
        for (int k = 0; k < 50; k++) {
          batch.append("INCR counter").append(k % 7).append("\r\n");
        }
        client.send(batch.toString());
        for (int k = 0; k < 50; k++) {
          client.read();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"uring", "nio"})
  void subscriberFromNowGetsOnlyWhatComes(String driver) throws Exception {
    try (TestServer server = new TestServer(data, driver);
        RespClient client = server.connect()) {
      client.run("SET old 1");
      List<String> seen = new ArrayList<>();
      // What is written while the subscription is on its way may come or not: mark the begin.
      Flux<Mutation> feed = Flux.merge(ChangeFeed.of(server.server(), false));
      Thread ticker = new Thread(() -> tick(server));
      ticker.start();
      feed.map(ChangePrinter::describe)
          .doOnNext(seen::add)
          .takeUntil(line -> line.equals("SET \"tick\" \"5\""))
          .blockLast(Duration.ofSeconds(30));
      ticker.interrupt();
      ticker.join();
      assertEquals(0, seen.stream().filter(line -> line.contains("old")).count());
    }
  }

  private static void tick(TestServer server) {
    try (RespClient client = server.connect()) {
      while (!Thread.currentThread().isInterrupted()) {
        for (int i = 0; i <= 5; i++) {
          client.run("SET tick " + i);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void changesLookLikeCommands() {
    Map<String, Mutation> expected = new TreeMap<>();
    Bytes key = Bytes.of("a\"b");
    expected.put("SET \"a\\\"b\" \"v\"", new Mutation.Set(key, Ascii.bytes("v"), Entry.NEVER));
    expected.put("SET \"a\\\"b\" \"\\x00\" PXAT 7", new Mutation.Set(key, new byte[1], 7));
    expected.put("DEL \"a\\\"b\"", new Mutation.Delete(key));
    expected.put("APPEND \"a\\\"b\" \"s\"", new Mutation.Append(key, Ascii.bytes("s")));
    expected.put("PEXPIREAT \"a\\\"b\" 9", new Mutation.ExpireAt(key, 9));
    expected.put("PERSIST \"a\\\"b\"", new Mutation.ExpireAt(key, Entry.NEVER));
    expected.put("FLUSHALL", new Mutation.Clear());
    expected.forEach((text, mutation) -> assertEquals(text, ChangePrinter.describe(mutation)));
  }
}
