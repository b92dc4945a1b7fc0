package dev.ringlet.examples.tail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.OnBothDrivers;
import dev.ringlet.examples.kv.Drivers;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.io.IoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

@OnBothDrivers
@Timeout(60)
final class TailTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ALL = Integer.MAX_VALUE;

  @TempDir private Path directory;

  private final ActorSystem system;
  private final Disk disk;
  private final List<String> notices = new CopyOnWriteArrayList<>();

  TailTest(String driver) {
    Drivers.assumeAvailable(driver);
    system = ActorSystem.create("test", ExecutorPool.of(1).withDriver(driver));
    disk = Disk.of(system);
  }

  /** Whatever a test does: no actor, no buffer and no descriptor is left. */
  @AfterEach
  void nothingIsLeft() throws IOException {
    // What was subscribed before has an actor by then.
    CompletableFuture.runAsync(() -> {}, disk.executor()).join();
    awaitUntil(
        () -> {
          ExecutorStats stats = disk.executor().stats();
          return stats.actors() == 0 && stats.buffersLent() == 0;
        });
    awaitUntil(() -> openFiles().isEmpty());
    assertEquals(0, system.stats().failures());
    assertEquals(0, system.stats().deadLetters());
    system.close();
  }

  private List<String> openFiles() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(TailTest::target)
          .filter(target -> target.startsWith(directory.toString()))
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private static void awaitUntil(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(condition);
  }

  private void awaitNotice(String notice) {
    awaitUntil(() -> notices.contains(notice));
  }

  private Path log() {
    return directory.resolve("log");
  }

  private void write(String text, OpenOption... options) {
    try {
      Files.writeString(log(), text, UTF_8, options);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void append(String text) {
    write(text, CREATE, APPEND);
  }

  private Flux<String> tail(int lastLines) {
    return Tail.follow(disk, log(), lastLines, notices::add, Mono.never());
  }

  @Test
  void linesComeWhenTheyAreWhole() {
    append("one\ntwo\nthr");
    StepVerifier.create(tail(ALL).filter(line -> disk.executor().isCurrent()))
        .expectNext("one", "two")
        .then(() -> append("ee\nfo"))
        .expectNext("three")
        .then(() -> append("ur\r\nf\u00fcnf\n\n"))
        .expectNext("four", "f\u00fcnf", "")
        .thenCancel()
        .verify(PATIENCE);
    assertEquals(List.of(), notices);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100_000, 100_001, ALL})
  void lastLinesOfWhatIsThere(int wanted) {
    int written = 100_000;
    int from = Math.max(0, written + 1 - wanted);
    List<String> numbers = IntStream.range(0, written).mapToObj(Integer::toString).toList();
    append(String.join("\n", numbers) + "\nbeg");
    // The line that has begun is one of them, and comes when it is whole.
    StepVerifier.create(tail(wanted).take(written + 1 - from).collectList())
        .then(() -> append("un\n"))
        .assertNext(
            lines -> {
              assertEquals("begun", lines.get(lines.size() - 1));
              assertEquals(numbers.subList(from, written), lines.subList(0, lines.size() - 1));
            })
        .expectComplete()
        .verify(PATIENCE);
  }

  @Test
  void fileThatIsCutIsReadFromItsBeginning() {
    append("one\ntwo\nrest");
    StepVerifier.create(tail(1_000))
        .expectNext("one", "two")
        .then(() -> write("", WRITE, TRUNCATE_EXISTING))
        .expectNext("rest")
        .then(() -> awaitNotice("file truncated"))
        .then(() -> append("new\n"))
        .expectNext("new")
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void fileThatIsReplacedIsReadToItsEndAndThenTheNewOne() throws IOException {
    append("one\n");
    StepVerifier.create(tail(ALL))
        .expectNext("one")
        .then(() -> replace("two\nrest", "three\n"))
        .expectNext("two", "rest", "three")
        .then(() -> append("four\n"))
        .expectNext("four")
        .then(() -> replace("", "five\n"))
        .expectNext("five")
        .thenCancel()
        .verify(PATIENCE);
    assertEquals("has been replaced; following the new file", notices.get(notices.size() - 1));
  }

  /** As a log is rotated: what is written until then is still in the old file. */
  private void replace(String last, String first) {
    append(last);
    try {
      Path next = directory.resolve("next");
      Files.writeString(next, first);
      Path old = directory.resolve("old");
      Files.deleteIfExists(old);
      Files.createLink(old, log());
      Files.move(next, log(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void fileThatIsTakenAwayIsWaitedForAndStillFollowed() {
    append("one\n");
    StepVerifier.create(tail(ALL))
        .expectNext("one")
        .then(() -> move(log(), directory.resolve("away")))
        .then(() -> awaitNotice("has been taken away"))
        .then(() -> append("two\n"))
        .expectNext("two")
        .thenCancel()
        .verify(PATIENCE);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void fileThatIsNotThereYetIsReadFromItsBeginning() {
    StepVerifier.create(tail(1))
        .then(() -> awaitNotice("waiting for it to appear"))
        .then(() -> append("one\ntwo\n"))
        .expectNext("one", "two")
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void linesComeAsTheyAreAskedFor() {
    append("x\n".repeat(500_000));
    StepVerifier.create(tail(ALL), 0)
        .thenRequest(2)
        .expectNext("x", "x")
        .thenRequest(300_000)
        .expectNextCount(300_000)
        .thenRequest(199_998)
        .expectNextCount(199_998)
        .thenCancel()
        .verify(PATIENCE);
  }

  @Test
  void cancelAtAnyMomentLeavesNothing() {
    append("x\n".repeat(200_000));
    for (int lines = 1; lines < 150_000; lines += 9_001) {
      StepVerifier.create(tail(ALL).take(lines))
          .expectNextCount(lines)
          .expectComplete()
          .verify(PATIENCE);
    }
    for (int i = 0; i < 50; i++) {
      tail(ALL).subscribe().dispose();
    }
  }

  @Test
  void stopEndsItWhereverItIs() {
    append("x\n".repeat(100_000));
    for (int asked : new int[] {1, 100_000}) {
      Sinks.Empty<Void> stop = Sinks.empty();
      StepVerifier.create(Tail.follow(disk, log(), ALL, notices::add, stop.asMono()), asked)
          .expectNextCount(asked)
          .then(stop::tryEmitEmpty)
          // Also while nobody asks for more.
          .then(() -> awaitUntil(() -> openFiles().isEmpty()))
          .thenRequest(Long.MAX_VALUE)
          .thenConsumeWhile(line -> true)
          .expectComplete()
          .verify(PATIENCE);
    }
  }

  @Test
  void directoryThatIsMissingFailsIt() {
    StepVerifier.create(
            Tail.follow(
                disk, directory.resolve("no").resolve("file"), ALL, notices::add, Mono.never()))
        .expectError(IoException.class)
        .verify(PATIENCE);
  }
}
