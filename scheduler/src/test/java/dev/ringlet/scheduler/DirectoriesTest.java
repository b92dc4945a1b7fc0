package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.DirectoryEntry;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.WalkOptions;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories as streams. */
@OnBothDrivers
final class DirectoriesTest {
  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;

  DirectoriesTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    bench = new FileWorkbench(driver, folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private List<DirectoryEntry> all(IoStream<DirectoryEntry> stream, long demand) {
    Collected<DirectoryEntry> got = Collected.all(bench.executor, stream, demand, entry -> entry);
    assertNull(got.failure);
    return got.elements;
  }

  private Map<String, DirectoryEntry.Type> named(List<DirectoryEntry> entries) {
    Map<String, DirectoryEntry.Type> named = new HashMap<>();
    for (DirectoryEntry entry : entries) {
      DirectoryEntry.Type twice =
          named.put(folder.relativize(entry.path()).toString(), entry.type());
      assertNull(twice, entry.toString());
    }
    return named;
  }

  private static int openDirectories() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.count();
    }
  }

  @Test
  void aDirectoryIsListedWhole() throws IOException {
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      expected.add(Files.createFile(bench.path("file" + i)).getFileName().toString());
    }
    for (long demand : new long[] {1, 7, Long.MAX_VALUE}) {
      assertEquals(expected, named(all(bench.io.list(folder), demand)).keySet());
    }
  }

  @Test
  void entriesTellWhatTheyAre() throws Exception {
    Files.createFile(bench.path("file"));
    Files.createDirectories(bench.path("directory/below"));
    Files.createSymbolicLink(bench.path("link"), bench.path("directory"));
    Files.createSymbolicLink(bench.path("dangling"), bench.path("nowhere"));
    Path pipe = bench.path("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertEquals(
        Map.of(
            "file", DirectoryEntry.Type.FILE,
            "directory", DirectoryEntry.Type.DIRECTORY,
            "link", DirectoryEntry.Type.LINK,
            "dangling", DirectoryEntry.Type.LINK,
            "pipe", DirectoryEntry.Type.OTHER),
        named(all(bench.io.list(folder), 1)));
  }

  @Test
  void anEmptyDirectoryEndsAtOnce() {
    assertEquals(List.of(), all(bench.io.list(folder), 1));
  }

  @Test
  void aWalkIsThatOfTheLibrary() throws IOException {
    Random random = FileWorkbench.random("aWalkIsThatOfTheLibrary");
    List<Path> directories = new java.util.ArrayList<>(List.of(folder));
    for (int i = 0; i < 400; i++) {
      Path parent = directories.get(random.nextInt(directories.size()));
      if (random.nextInt(4) == 0) {
        directories.add(Files.createDirectory(parent.resolve("d" + i)));
      } else {
        Files.createFile(parent.resolve("f" + i));
      }
    }
    for (int depth : new int[] {1, 2, 3, Integer.MAX_VALUE}) {
      List<DirectoryEntry> got =
          all(bench.io.walk(folder, WalkOptions.defaults().withMaxDepth(depth)), 10);
      Set<Path> expected;
      try (Stream<Path> paths = Files.walk(folder, depth)) {
        expected =
            paths.filter(path -> !path.equals(folder)).collect(java.util.stream.Collectors.toSet());
      }
      assertEquals(expected, new HashSet<>(got.stream().map(DirectoryEntry::path).toList()));
      assertEquals(expected.size(), got.size());
      assertDepthFirst(got);
    }
  }

  /** What is in a directory comes right after it. */
  private static void assertDepthFirst(List<DirectoryEntry> entries) {
    Path previous = null;
    Set<Path> left = new HashSet<>();
    for (DirectoryEntry entry : entries) {
      Path parent = entry.path().getParent();
      assertTrue(!left.contains(parent), entry.path() + " comes after its directory was left");
      for (Path outer = previous;
          outer != null && !parent.startsWith(outer);
          outer = outer.getParent()) {
        left.add(outer);
      }
      previous = entry.path();
    }
  }

  @Test
  void linksAreFollowedWhereWantedAndCyclesAreNot() throws IOException {
    Files.createDirectories(bench.path("a/b"));
    Files.createFile(bench.path("a/b/file"));
    Files.createSymbolicLink(bench.path("a/b/up"), bench.path("a"));
    Files.createSymbolicLink(bench.path("a/b/self"), bench.path("a/b/self"));
    assertEquals(
        Map.of(
            "a", DirectoryEntry.Type.DIRECTORY,
            "a/b", DirectoryEntry.Type.DIRECTORY,
            "a/b/file", DirectoryEntry.Type.FILE,
            "a/b/up", DirectoryEntry.Type.LINK,
            "a/b/self", DirectoryEntry.Type.LINK),
        named(all(bench.io.walk(folder, WalkOptions.defaults()), 3)));
    assertEquals(
        Map.of(
            "a", DirectoryEntry.Type.DIRECTORY,
            "a/b", DirectoryEntry.Type.DIRECTORY,
            "a/b/file", DirectoryEntry.Type.FILE,
            "a/b/up", DirectoryEntry.Type.DIRECTORY,
            "a/b/self", DirectoryEntry.Type.LINK),
        named(all(bench.io.walk(folder, WalkOptions.defaults().withLinks()), 3)));
    Files.createSymbolicLink(bench.path("other"), bench.path("a/b"));
    Map<String, DirectoryEntry.Type> twice =
        named(all(bench.io.walk(folder, WalkOptions.defaults().withLinks()), 3));
    assertEquals(DirectoryEntry.Type.FILE, twice.get("other/file"));
    assertEquals(DirectoryEntry.Type.FILE, twice.get("a/b/file"));
  }

  @Test
  void errorsNameTheDirectory() throws IOException {
    Path missing = bench.path("missing");
    Collected<DirectoryEntry> none =
        Collected.all(bench.executor, bench.io.list(missing), 1, entry -> entry);
    assertNotNull(none.failure);
    assertEquals(Errno.ENOENT, none.failure.errno());
    assertEquals(missing.toString(), none.failure.subject());
    Path file = Files.createFile(bench.path("file"));
    Collected<DirectoryEntry> noDirectory =
        Collected.all(bench.executor, bench.io.list(file), 1, entry -> entry);
    assertNotNull(noDirectory.failure);
    assertEquals(Errno.ENOTDIR, noDirectory.failure.errno());
  }

  @Test
  void whoCancelsOrStopsLeavesNoDescriptorsBehind() throws IOException {
    for (int i = 0; i < 200; i++) {
      Files.createDirectories(bench.path("d" + i % 5 + "/e" + i));
    }
    all(bench.io.list(folder), 1);
    int before = openDirectories();
    for (int count = 0; count < 10; count++) {
      IoStream<DirectoryEntry> walk = bench.io.walk(folder, WalkOptions.defaults());
      var taker = Collected.some(bench.executor, walk, count * 10L, entry -> entry);
      boolean stops = count % 2 == 0;
      taker.tell(stops ? Collected.STOP : Collected.CANCEL);
      if (!stops) {
        taker.tell(Collected.STOP);
      }
    }
    // The offload threads' own may come and go, so no more than before is asked for.
    Systems.awaitUntil(() -> openDirectories() <= before);
  }

  @Test
  void aSystemThatClosesWhileItListsEnds() throws IOException {
    for (int i = 0; i < 200; i++) {
      Files.createFile(bench.path("file" + i));
    }
    Collected.some(bench.executor, bench.io.list(folder), 1, entry -> entry);
    bench.executor.spawn(
        () ->
            new dev.ringlet.actor.Actor<Object>() {
              @Override
              public void preStart(dev.ringlet.actor.ActorContext<Object> context) {
                context.subscribe(bench.io.list(folder), entry -> entry, 1);
              }

              @Override
              public void receive(Object message, dev.ringlet.actor.ActorContext<Object> context) {}
            },
        dev.ringlet.actor.ActorOptions.defaults());
    bench.system.close();
    assertEquals(0, bench.system.stats().executors().get(0).actors());
  }

  @Test
  void badDepthsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> WalkOptions.defaults().withMaxDepth(0));
  }
}
