package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.TaskQueueStats;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Logs are compacted under load and nothing is lost, whatever fails. */
@Timeout(120)
final class CompactionTest {
  private static final String DRIVERS = "dev.ringlet.examples.kv.Drivers#all";
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final CompactionSettings NEVER = new CompactionSettings(0, 0);

  @TempDir Path data;

  /** Whenever there is one record too many. */
  private static CompactionSettings always(LogFiles files) {
    return new CompactionSettings(1, 0, PAUSE, files, (shard, step) -> {});
  }

  private static void fill(RespClient client, int from, int to) throws IOException {
    fill(client, from, to, i -> "value" + i);
  }

  private static void fill(RespClient client, int from, int to, IntFunction<String> value)
      throws IOException {
    StringBuilder sets = new StringBuilder();
    for (int i = from; i < to; i++) {
      sets.append(Ascii.text(InMemoryServer.request("SET", "key" + i, value.apply(i))));
    }
    client.send(sets.toString());
    for (int i = from; i < to; i++) {
      assertEquals("+OK\r\n", client.read());
    }
  }

  private static void verify(RespClient client, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      String value = "value" + i;
      assertEquals(
          "$" + value.length() + "\r\n" + value + "\r\n", client.call("GET", "key" + i), "key" + i);
    }
  }

  private static void awaitInfo(RespClient client, String name, int atLeast) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> Long.parseLong(TestServer.info(client, name)) >= atLeast);
  }

  private static void assertNoCopies(Path folder) throws IOException {
    try (DirectoryStream<Path> copies = Files.newDirectoryStream(folder, "*.new")) {
      copies.forEach(copy -> assertFalse(Files.exists(copy), copy + " is left"));
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void logIsAsLongAsItsKeysAfterwards(String driver) throws Exception {
    try (TestServer server =
            new TestServer(data, driver, FsyncPolicy.EVERYSEC, always(new LogFiles()));
        RespClient client = server.connect()) {
      for (int round = 0; round < 5; round++) {
        fill(client, 0, 500);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertEquals("0", TestServer.info(client, "aof_rewrite_in_progress"));
                assertEquals(
                    TestServer.info(client, "aof_live_size"),
                    TestServer.info(client, "aof_current_size"));
              });
      assertTrue(Long.parseLong(TestServer.info(client, "aof_rewrites")) >= 2);
      assertTrue(Long.parseLong(TestServer.info(client, "aof_rewrite_saved_bytes")) > 0);
      long onDisk =
          Files.size(DataDirectory.logPath(data, 0)) + Files.size(DataDirectory.logPath(data, 1));
      assertEquals(TestServer.info(client, "aof_live_size"), String.valueOf(onDisk));
      assertNoCopies(data);
      server.awaitQuiet(client);
    }
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.EVERYSEC, NEVER);
        RespClient client = server.connect()) {
      assertEquals(":500\r\n", client.run("DBSIZE"));
      verify(client, 0, 500);
    }
  }

  /** What the compaction's class has done on the executors. */
  private static List<TaskQueueStats> compaction(TestServer server) {
    return server.server().system().stats().executors().stream()
        .flatMap(executor -> executor.taskQueues().stream())
        .filter(queue -> queue.priorityClass().equals(KvClasses.COMPACTION))
        .toList();
  }

  /**
   * With one place at the disk the writes of copies have to wait for those of the logs, and are
   * counted. The copies are so long that they are written before they are whole.
   */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void copiesAreMadeInAClassOfTheirOwn(String driver) throws Exception {
    ExecutorPool pool = TestServer.pool(driver).withDiskDepth(1);
    String value = "v".repeat(2000);
    try (TestServer server =
            new TestServer(data, FsyncPolicy.ALWAYS, always(new LogFiles()), pool);
        RespClient client = server.connect()) {
      assertEquals(List.of(), compaction(server), "nothing was to be compacted");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollDelay(Duration.ZERO)
          .until(
              () -> {
                fill(client, 0, 200, i -> value);
                return compaction(server).stream()
                    .anyMatch(queue -> queue.disk().waits().count() > 0);
              });
      for (TaskQueueStats queue : compaction(server)) {
        assertTrue(queue.activations() > 0 && queue.runNanos() > 0, queue.toString());
      }
      assertTrue(client.call("GET", "key199").endsWith(value + "\r\n"));
    }
  }

  /** What a client may know of a key. */
  private record Known(String value, boolean expires) {}

  /** Random commands, logs that are always being compacted, restarts, and a map to compare with. */
  @ParameterizedTest
  @CsvSource({"uring, ALWAYS", "uring, EVERYSEC", "nio, ALWAYS", "nio, EVERYSEC"})
  void keysAreThoseOfAMap(String driver, FsyncPolicy fsync) throws Exception {
    long seed = Long.getLong("kv.seed", System.nanoTime());
    Random random = new Random(seed);
    Map<String, Known> model = new HashMap<>();
    for (int life = 0; life < 4; life++) {
      try (TestServer server = new TestServer(data, driver, fsync, always(new LogFiles()));
          RespClient client = server.connect()) {
        compare(client, model, seed);
        for (int batch = 0; batch < 30; batch++) {
          runBatch(client, model, random, seed);
        }
        compare(client, model, seed);
        awaitInfo(client, "aof_rewrites", 1);
        assertEquals("0", TestServer.info(client, "aof_rewrite_failures"));
      }
      assertNoCopies(data);
    }
  }

  private static void runBatch(
      RespClient client, Map<String, Known> model, Random random, long seed) throws IOException {
    StringBuilder batch = new StringBuilder();
    int count = 1 + random.nextInt(60);
    for (int i = 0; i < count; i++) {
      batch.append(Ascii.text(InMemoryServer.request(next(model, random))));
    }
    client.send(batch.toString());
    for (int i = 0; i < count; i++) {
      assertFalse(client.read().startsWith("-"), "seed " + seed);
    }
  }

  /** The words of a random command, whose outcome the model has already. */
  private static String[] next(Map<String, Known> model, Random random) {
    String key = "k" + random.nextInt(400);
    String text = "v".repeat(random.nextInt(random.nextInt(50) == 0 ? 30_000 : 60));
    Known known = model.get(key);
    switch (random.nextInt(12)) {
      case 0, 1 -> {
        model.remove(key);
        return new String[] {"DEL", key};
      }
      case 2 -> {
        model.put(key, new Known(text, true));
        return new String[] {"SET", key, text, "EX", "5000"};
      }
      case 3 -> {
        return new String[] {"SET", "short-lived-" + key, text, "PX", "1"};
      }
      case 4 -> {
        model.computeIfPresent(key, (same, old) -> new Known(old.value(), true));
        return new String[] {"EXPIRE", key, "6000"};
      }
      case 5 -> {
        model.computeIfPresent(key, (same, old) -> new Known(old.value(), false));
        return new String[] {"PERSIST", key};
      }
      case 6, 7 -> {
        String before = known == null ? "" : known.value();
        model.put(key, new Known(before + text, known != null && known.expires()));
        return new String[] {"APPEND", key, text};
      }
      case 8 -> {
        if (random.nextInt(40) == 0) {
          model.clear();
          return new String[] {"FLUSHALL"};
        }
        return new String[] {"DBSIZE"};
      }
      default -> {
        model.put(key, new Known(text, false));
        return new String[] {"SET", key, text};
      }
    }
  }

  private static void compare(RespClient client, Map<String, Known> model, long seed)
      throws IOException {
    for (int i = 0; i < 400; i++) {
      String key = "k" + i;
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .until(() -> client.call("GET", "short-lived-" + key).equals("$-1\r\n"));
      Known known = model.get(key);
      String expected =
          known == null
              ? "$-1\r\n"
              : "$" + known.value().length() + "\r\n" + known.value() + "\r\n";
      assertEquals(expected, client.call("GET", key), key + ", seed " + seed);
      if (known != null) {
        boolean expires = !client.call("TTL", key).equals(":-1\r\n");
        assertEquals(known.expires(), expires, "expiry of " + key + ", seed " + seed);
      }
    }
  }

  /**
   * The process could end right after any step: copies of the folder, made at each, all have what
   * was acknowledged before, and nothing of what was never sent.
   */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void crashAfterAnyStepKeepsWhatWasAcknowledged(String driver) throws Exception {
    Path live = Files.createDirectory(data.resolve("live"));
    AtomicInteger acknowledged = new AtomicInteger();
    Map<CompactionStep, Integer> images = new ConcurrentHashMap<>();
    AtomicInteger imagesWanted = new AtomicInteger();
    CompactionSettings settings =
        new CompactionSettings(
            1,
            0,
            PAUSE,
            new LogFiles(),
            (shard, step) -> {
              if (shard == 0 && imagesWanted.get() > 0 && !images.containsKey(step)) {
                int known = acknowledged.get();
                copyFolder(live, data.resolve(step.name()), shard);
                images.put(step, known);
              }
            });
    int issued = 0;
    try (TestServer server = new TestServer(live, driver, FsyncPolicy.ALWAYS, settings);
        RespClient client = server.connect()) {
      fill(client, 0, 800);
      imagesWanted.set(1);
      while (images.size() < CompactionStep.values().length) {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 4; i++) {
          issued++;
          batch.append(
              Ascii.text(InMemoryServer.request("SET", "last" + issued % 20, "" + issued)));
          batch.append(Ascii.text(InMemoryServer.request("SET", "gone" + issued, "x")));
          batch.append(Ascii.text(InMemoryServer.request("DEL", "gone" + issued)));
        }
        client.send(batch.toString());
        for (int i = 0; i < 4; i++) {
          assertEquals("+OK\r\n", client.read());
          assertEquals("+OK\r\n", client.read());
          assertEquals(":1\r\n", client.read());
          acknowledged.incrementAndGet();
        }
      }
    }
    for (CompactionStep step : CompactionStep.values()) {
      verifyImage(driver, step, images.get(step), issued);
    }
  }

  private void verifyImage(String driver, CompactionStep step, int acknowledged, int issued)
      throws IOException {
    Path image = data.resolve(step.name());
    boolean hasCopy = Files.exists(DataDirectory.copyPath(image, 0));
    assertEquals(step.compareTo(CompactionStep.RENAMED) < 0, hasCopy, "a copy at " + step);
    try (TestServer server = new TestServer(image, driver, FsyncPolicy.ALWAYS, NEVER);
        RespClient client = server.connect()) {
      assertNoCopies(image);
      for (int i = 0; i < 800; i += 7) {
        if (isOnShard0("key" + i)) {
          verify(client, i, i + 1);
        }
      }
      for (int i = 0; i < 20; i++) {
        int expected = acknowledged - Math.floorMod(acknowledged - i, 20);
        if (isOnShard0("last" + i) && expected > 0) {
          int found = Integer.parseInt(client.call("GET", "last" + i).split("\r\n", -1)[1]);
          assertTrue(found >= expected && found <= issued, step + ": " + found + " < " + expected);
        }
      }
      for (int i = 1; i <= acknowledged; i++) {
        if (isOnShard0("gone" + i)) {
          assertEquals("$-1\r\n", client.call("GET", "gone" + i), "at " + step);
        }
      }
    }
  }

  private static boolean isOnShard0(String key) {
    return Bytes.of(key).shard(2) == 0;
  }

  /** Only the shard that is at the step stands still. */
  private static void copyFolder(Path from, Path to, int shard) {
    try {
      Files.createDirectory(to);
      for (Path file :
          new Path[] {DataDirectory.logPath(from, shard), DataDirectory.copyPath(from, shard)}) {
        if (Files.exists(file)) {
          Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource(DRIVERS)
  void leftoversAreRemovedWhateverIsInThem(String driver) throws Exception {
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.NO, NEVER);
        RespClient client = server.connect()) {
      fill(client, 0, 10);
    }
    Path torn = Files.write(DataDirectory.copyPath(data, 0), new byte[] {1, 2, 3});
    Path whole = DataDirectory.copyPath(data, 1);
    Files.copy(DataDirectory.logPath(data, 1), whole);
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.NO, NEVER);
        RespClient client = server.connect()) {
      assertFalse(Files.exists(torn));
      assertFalse(Files.exists(whole));
      verify(client, 0, 10);
    }
  }

  /** Fails where it is told to, so many times. */
  private static final class FailingFiles extends LogFiles {
    private final String where;
    private final AtomicInteger left;

    FailingFiles(String where, int times) {
      this.where = where;
      this.left = new AtomicInteger(times);
    }

    private void at(String place) throws IOException {
      if (place.equals(where) && left.getAndDecrement() > 0) {
        throw new IOException("no " + place + " today");
      }
    }

    @Override
    void checkRoom(Path path, long bytes) throws IOException {
      at("room");
      super.checkRoom(path, bytes);
    }

    @Override
    FileChannel hold(Path path) throws IOException {
      at("hold");
      return super.hold(path);
    }

    @Override
    void rename(Path from, Path to) throws IOException {
      at("rename");
      super.rename(from, to);
    }

    @Override
    void syncFolder(Path path) throws IOException {
      at("sync");
      super.syncFolder(path);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "uring, room",
    "uring, hold",
    "uring, rename",
    "nio, room",
    "nio, hold",
    "nio, rename"
  })
  void failureCostsNothingAndIsTriedAgain(String driver, String where) throws Exception {
    LogFiles files = new FailingFiles(where, 4);
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.ALWAYS, always(files));
        RespClient client = server.connect()) {
      fill(client, 0, 300);
      AtomicInteger round = new AtomicInteger();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                fill(client, round.get(), round.incrementAndGet() + 20);
                return Long.parseLong(TestServer.info(client, "aof_rewrite_failures")) >= 4
                    && Long.parseLong(TestServer.info(client, "aof_rewrites")) >= 2;
              });
      verify(client, 0, 300);
      server.awaitQuiet(client);
    }
    assertNoCopies(data);
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.ALWAYS, NEVER);
        RespClient client = server.connect()) {
      verify(client, 0, 300);
    }
  }

  /** After the rename there is no way back: as with any sync that fails, only a restart helps. */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void folderThatCannotBeSyncedStopsWritesUntilTheNextStart(String driver) throws Exception {
    LogFiles files = new FailingFiles("sync", 2);
    CompactionSettings settings = always(files);
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.ALWAYS, settings);
        RespClient client = server.connect()) {
      client.run("SET a 1");
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> client.run("SET a 2").startsWith("-MISCONF"));
      assertTrue(
          client.run("GET a").endsWith("\r\n2\r\n") || client.run("GET a").endsWith("1\r\n"));
    }
    try (TestServer server = new TestServer(data, driver, FsyncPolicy.ALWAYS, NEVER);
        RespClient client = server.connect()) {
      assertEquals("+OK\r\n", client.run("SET a 3"));
    }
  }

  /** A copy that takes the last room gives it back before any command is refused. */
  @ParameterizedTest
  @MethodSource(DRIVERS)
  void fullDiskHurtsNobody(String driver) throws Exception {
    Path disk = Files.createDirectory(data.resolve("disk"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk.toString()));
    try {
      fillDisk(driver, disk);
    } finally {
      assertTrue(run("umount", "--lazy", disk.toString()));
    }
  }

  private static void fillDisk(String driver, Path disk) throws Exception {
    LogFiles files =
        new LogFiles() {
          @Override
          void checkRoom(Path path, long bytes) {
            // Has the copy run into the end of the disk.
          }
        };
    Path ballast = Files.write(disk.resolve("ballast"), new byte[1600 << 10]);
    CompactionSettings settings =
        new CompactionSettings(1, 64 << 10, PAUSE, files, (shard, step) -> {});
    String value = "x".repeat(15_000);
    List<String> keys =
        IntStream.range(0, 200).mapToObj(i -> "key" + i).filter(key -> isOnShard0(key)).toList();
    String counter =
        IntStream.range(0, 99)
            .mapToObj(i -> "n" + i)
            .filter(CompactionTest::isOnShard0)
            .findFirst()
            .orElseThrow();
    try (TestServer server = new TestServer(disk, driver, FsyncPolicy.ALWAYS, settings);
        RespClient client = server.connect()) {
      for (String key : keys) {
        assertEquals("+OK\r\n", client.call("SET", key, value));
      }
      int count = 0;
      while (Long.parseLong(TestServer.info(client, "aof_rewrite_failures")) < 3) {
        for (int i = 0; i < 20; i++) {
          assertEquals(":" + ++count + "\r\n", client.call("INCR", counter));
        }
      }
      Files.delete(ballast);
      awaitInfo(client, "aof_rewrites", 1);
      for (String key : keys) {
        assertTrue(client.call("GET", key).endsWith(value + "\r\n"));
      }
      assertTrue(client.call("GET", counter).endsWith("\r\n" + count + "\r\n"));
      assertEquals(0, server.server().system().stats().failures());
    }
    assertNoCopies(disk);
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
  }

  @Test
  void copyThatDoesNotFitIsNotBegun() {
    Path copy = data.resolve("shard-0000.log.new");
    IOException refused =
        assertThrows(IOException.class, () -> new LogFiles().checkRoom(copy, Long.MAX_VALUE / 2));
    assertTrue(String.valueOf(refused.getMessage()).contains("are free"), refused.toString());
  }
}
