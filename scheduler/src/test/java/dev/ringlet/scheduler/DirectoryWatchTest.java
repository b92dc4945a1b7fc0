package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.DirectoryEvent.Kind;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that are watched. */
@OnBothDrivers
final class DirectoryWatchTest {
  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;

  DirectoryWatchTest(String driver) {
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

  /** Keeps what it is told; a number as a message is more demand. */
  private static final class Watcher implements Actor<Object> {
    private final Path directory;
    private final long demand;
    private final List<Object> seen;
    private @Nullable IoSubscription subscription;

    Watcher(Path directory, long demand, List<Object> seen) {
      this.directory = directory;
      this.demand = demand;
      this.seen = seen;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      subscription =
          context.subscribe(
              context.io().watch(directory),
              event -> event,
              failure -> failure == null ? "end" : failure,
              demand);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Long more) {
        Objects.requireNonNull(subscription).request(more);
      } else if (message.equals(Collected.STOP)) {
        context.stop();
      } else {
        seen.add(message);
      }
    }
  }

  private ActorRef<Object> watch(Path directory, long demand, List<Object> seen) {
    return bench.executor.spawn(
        () -> new Watcher(directory, demand, seen), ActorOptions.defaults());
  }

  private List<Object> started(Path directory) {
    List<Object> seen = new CopyOnWriteArrayList<>();
    var unused = watch(directory, Long.MAX_VALUE, seen);
    Systems.awaitUntil(() -> !seen.isEmpty());
    assertEquals(new DirectoryEvent(Kind.STARTED, directory), seen.get(0));
    return seen;
  }

  private void awaitEvent(List<Object> seen, Kind kind, String name) {
    Systems.awaitUntil(() -> seen.contains(new DirectoryEvent(kind, bench.path(name))));
  }

  @Test
  void whatHappensIsTold() throws IOException {
    List<Object> seen = started(folder);
    Files.createFile(bench.path("one"));
    awaitEvent(seen, Kind.CREATED, "one");
    Files.write(bench.path("one"), new byte[10]);
    awaitEvent(seen, Kind.MODIFIED, "one");
    Files.move(bench.path("one"), bench.path("two"));
    awaitEvent(seen, Kind.DELETED, "one");
    awaitEvent(seen, Kind.CREATED, "two");
    Files.delete(bench.path("two"));
    awaitEvent(seen, Kind.DELETED, "two");
  }

  @Test
  void twoMayWatchOneDirectoryAndOneMayLeave() throws IOException {
    List<Object> first = new CopyOnWriteArrayList<>();
    ActorRef<Object> leaving = watch(folder, Long.MAX_VALUE, first);
    List<Object> second = started(folder);
    Systems.awaitUntil(() -> !first.isEmpty());
    Files.createFile(bench.path("both"));
    awaitEvent(first, Kind.CREATED, "both");
    awaitEvent(second, Kind.CREATED, "both");
    leaving.tell(Collected.STOP);
    Files.createFile(bench.path("one"));
    awaitEvent(second, Kind.CREATED, "one");
  }

  @Test
  void withoutDemandEventsAreKeptAndThenCounted() throws IOException {
    List<Object> seen = new CopyOnWriteArrayList<>();
    ActorRef<Object> watcher = watch(folder, 1, seen);
    Systems.awaitUntil(() -> !seen.isEmpty());
    for (int i = 0; i < 3 * WatchSink.EVENTS; i++) {
      Files.createFile(bench.path("file" + i));
    }
    assertEquals(1, seen.size());
    watcher.tell(Long.MAX_VALUE);
    Systems.awaitUntil(() -> seen.contains(new DirectoryEvent(Kind.OVERFLOW, folder)));
    assertTrue(seen.size() > 1, seen.size() + " events");
    // The watch goes on.
    Files.createFile(bench.path("after"));
    awaitEvent(seen, Kind.CREATED, "after");
  }

  @Test
  void aDirectoryThatIsDeletedEndsTheStream() throws IOException {
    Path directory = Files.createDirectory(bench.path("directory"));
    List<Object> seen = started(directory);
    Files.delete(directory);
    Systems.awaitUntil(() -> seen.get(seen.size() - 1).equals("end"));
  }

  @Test
  void aMissingDirectoryFailsTheStream() {
    Collected<DirectoryEvent> got =
        Collected.all(bench.executor, bench.io.watch(bench.path("missing")), 1, event -> event);
    assertNotNull(got.failure);
    assertEquals(Errno.ENOENT, got.failure.errno());
    assertEquals("watch", got.failure.operation());
  }

  @Test
  void aWatchThatIsCancelledBeforeItStandsIsForgotten() {
    for (int i = 0; i < 20; i++) {
      Systems.inTurn(
          bench.executor,
          context -> context.subscribe(context.io().watch(folder), event -> event, 1).cancel());
    }
    List<Object> seen = started(folder);
    assertEquals(1, seen.size());
  }

  @Test
  void theThreadEndsWithTheSystem() {
    started(folder);
    bench.system.close();
    Systems.awaitUntil(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("ringlet-test-watch")));
  }
}
