package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.scheduler.DiskRig.Work;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syncs of one file that wait together are done as one, and each ends by itself. */
@OnBothDrivers
final class SyncLineTest {
  private static final PriorityClass USUAL =
      new PriorityClass("usual", Shares.of(100), Latency.notImportant());
  private static final PriorityClass OTHER =
      new PriorityClass("other", Shares.of(100), Latency.notImportant());

  private final String driver;
  @TempDir private Path folder;
  private DiskRig rig;
  private AsyncFile file;
  private ActorRef<Work> actor;
  private final List<String> ended = new ArrayList<>();

  SyncLineTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    open(4);
  }

  private void open(int depth) {
    rig = new DiskRig(driver, 1, depth);
    file = rig.open(folder.resolve("file"));
    actor = rig.actor(USUAL);
  }

  @AfterEach
  void close() {
    rig.close();
    assertEquals(0, rig.buffersLent(), "buffers that were not given back");
    assertEquals(0, rig.core().stats().diskInFlight());
  }

  private void pipe(ActorContext<Work> context, String name, IoOp<?> op) {
    context.pipe(
        op,
        (value, failure) -> {
          if (value instanceof IoBuffer buffer) {
            buffer.release();
          }
          return unused -> note(name, failure);
        });
  }

  private void note(String name, IoException failure) {
    ended.add(failure == null ? name : name + " " + failure.errno());
  }

  private void start(ActorRef<Work> who, String name, IoOp<?> op) {
    who.tell(context -> pipe(context, name, op));
    rig.rest();
  }

  private void start(String name, IoOp<?> op) {
    start(actor, name, op);
  }

  private void awaitEnded(String... names) {
    rig.stepUntil(() -> ended.size() >= names.length);
    rig.rest();
    assertEquals(List.of(names), ended);
  }

  /** Those that the driver was given. */
  private int syncs() {
    return (int)
        rig.driver().taken().stream()
            .filter(request -> request.opcode == IoOpcode.DATA_SYNC)
            .count();
  }

  @Test
  void syncsThatWaitAreDoneAsOne() {
    start("first", file.dataSync());
    for (int i = 0; i < 9; i++) {
      start("shared", file.dataSync());
    }
    assertEquals(1, syncs());
    rig.driver().letGo();
    rig.stepUntil(() -> ended.size() == 10);
    assertEquals("first", ended.get(0));
    assertEquals(Collections.nCopies(9, "shared"), ended.subList(1, 10));
    assertEquals(2, syncs());
  }

  @Test
  void aSyncThatIsUnderWayIsNotShared() {
    start("first", file.dataSync());
    start("write", file.write(0, rig.buffer("later")));
    start("second", file.dataSync());
    List<IoOpcode> before = List.of(IoOpcode.DATA_SYNC, IoOpcode.WRITE);
    assertEquals(before, rig.driver().taken().stream().map(request -> request.opcode).toList());
    rig.driver().letGo();
    rig.stepUntil(() -> ended.size() == 3);
    assertEquals(2, syncs());
  }

  @Test
  void eachThatWaitsIsCancelledAlone() {
    start("first", file.dataSync());
    IoOp<Void> leading = file.dataSync();
    IoOp<Void> following = file.dataSync();
    start("leading", leading);
    start("following", following);
    start("last", file.dataSync());
    leading.cancel();
    following.cancel();
    awaitEnded("leading " + Errno.ECANCELED, "following " + Errno.ECANCELED);
    rig.driver().letGo();
    awaitEnded("leading " + Errno.ECANCELED, "following " + Errno.ECANCELED, "first", "last");
    assertEquals(2, syncs());
  }

  @Test
  void aSyncThatWaitsForTheDiskTakesOthersAlongAndIsReplacedWhenCancelled() {
    rig.close();
    open(1);
    AsyncFile blocked = rig.open(folder.resolve("blocked"));
    start("block", blocked.size());
    IoOp<Void> first = file.dataSync();
    start("first", first);
    start("second", file.dataSync());
    start("third", file.dataSync());
    first.cancel();
    awaitEnded("first " + Errno.ECANCELED);
    rig.driver().letGo();
    rig.stepUntil(() -> ended.size() == 4);
    assertEquals(Set.of("first " + Errno.ECANCELED, "block", "second", "third"), Set.copyOf(ended));
    assertEquals(1, syncs());
  }

  @Test
  void aTimeoutEndsOneThatWaits() {
    start("first", file.dataSync());
    start("second", file.dataSync().timeout(Duration.ofMillis(5)));
    start("third", file.dataSync());
    rig.nowNanos += Duration.ofMillis(10).toNanos();
    rig.rest();
    awaitEnded("second " + Errno.ETIMEDOUT);
    rig.driver().letGo();
    awaitEnded("second " + Errno.ETIMEDOUT, "first", "third");
  }

  @Test
  void classesDoNotWaitForEachOther() {
    start("usual", file.dataSync());
    start(rig.actor(OTHER), "other", file.dataSync());
    assertEquals(2, syncs());
    rig.driver().letGo();
    rig.stepUntil(() -> ended.size() == 2);
  }

  @Test
  void syncsOfDataAndOfEverythingAreApart() {
    start("data", file.dataSync());
    start("all", file.sync());
    rig.stepUntil(() -> ended.size() == 1);
    assertEquals(List.of("all"), ended);
    rig.driver().letGo();
    awaitEnded("all", "data");
  }

  @Test
  void aCloseComesAfterThoseThatWait() {
    start("first", file.dataSync());
    start("second", file.dataSync());
    start("third", file.dataSync());
    start("close", file.close());
    start("late", file.dataSync());
    assertEquals(List.of("late " + Errno.EBADF), ended);
    rig.driver().letGo();
    rig.stepUntil(() -> ended.size() == 5);
    assertEquals(Set.of("first", "second", "third"), Set.copyOf(ended.subList(1, 4)));
    assertEquals("close", ended.get(4));
  }

  @Test
  void anActorThatStopsEndsItsOwnAndNoOthers() {
    ActorRef<Work> short1 = rig.actor(USUAL);
    start(short1, "lost", file.dataSync());
    start(short1, "lost", file.dataSync());
    start("kept", file.dataSync());
    short1.tell(ActorContext::stop);
    rig.rest();
    rig.driver().letGo();
    awaitEnded("kept");
  }

  @Test
  void theEndOfTheSystemEndsAll() {
    start("first", file.dataSync());
    start("second", file.dataSync());
    start("third", file.dataSync());
    rig.close();
    assertFalse(rig.core().stats().diskInFlight() > 0);
  }

  @Test
  void anErrorIsToldToAllThatWait() {
    AsyncFile none = rig.open(Path.of("/dev/null"));
    start("first", none.dataSync());
    start("second", none.dataSync());
    start("third", none.dataSync());
    rig.driver().letGo();
    rig.stepUntil(() -> ended.size() == 3);
    String first = ended.get(0);
    String outcome = first.contains(" ") ? first.substring(first.indexOf(' ')) : "";
    assertEquals(
        Set.of("first" + outcome, "second" + outcome, "third" + outcome), Set.copyOf(ended));
    assertEquals(outcome.isEmpty() ? 2 : 1, syncs());
    assertEquals(driver.equals("uring") ? " " + Errno.EINVAL : outcome, outcome);
  }
}
