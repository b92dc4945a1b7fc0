package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import dev.ringlet.scheduler.HoldingDriver.Submitted;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What waits for the disk, and every way to end it there. A disk of depth one is held by a first
 * operation, which completes when the test wants it.
 */
@OnBothDrivers
final class DiskQueueTest {
  private static final PriorityClass MANY =
      new PriorityClass("many", Shares.of(300), Latency.notImportant());
  private static final PriorityClass FEW =
      new PriorityClass("few", Shares.of(100), Latency.notImportant());

  private final String driver;
  @TempDir private Path folder;
  private DiskRig rig;
  private AsyncFile file;
  private AsyncFile other;
  private ActorRef<Work> actor;

  /** Names of what has ended, with the error number if there was one. */
  private final List<String> ended = new ArrayList<>();

  DiskQueueTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    open(1, 1);
  }

  private void open(int executors, int depth) {
    rig = new DiskRig(driver, executors, depth);
    file = rig.open(folder.resolve("file"));
    other = rig.open(folder.resolve("other"));
    actor = rig.actor(MANY);
  }

  @AfterEach
  void close() {
    rig.close();
    assertEquals(0, rig.buffersLent(), "buffers that were not given back");
    assertEquals(0, rig.core().stats().diskInFlight());
  }

  private void pipe(ActorContext<Work> context, String name, IoOp<?> op) {
    context.pipe(op, (value, failure) -> unused -> note(name, value, failure));
  }

  private void note(String name, Object value, IoException failure) {
    if (value instanceof IoBuffer buffer) {
      buffer.release();
    }
    ended.add(failure == null ? name : name + " " + failure.errno());
  }

  /** Has the only place taken, by an operation on a file of its own. */
  private void block() {
    actor.tell(context -> pipe(context, "first", other.size()));
    rig.stepUntil(() -> rig.core().stats().diskInFlight() == 1);
  }

  private void inTurn(ActorRef<Work> who, Work work) {
    who.tell(work);
    rig.rest();
  }

  private void letGo() {
    rig.driver().letGo();
  }

  private void awaitEnded(int count) {
    rig.stepUntil(() -> ended.size() == count);
  }

  private static int errno(CompletionStage<?> stage) {
    CompletionException thrown =
        assertThrows(CompletionException.class, stage.toCompletableFuture()::join);
    return ((IoException) thrown.getCause()).errno();
  }

  private List<IoOpcode> taken() {
    return rig.driver().taken().stream().map(Submitted::opcode).toList();
  }

  @Test
  void whatThereAreNoPlacesForWaitsAndIsDoneInOrder() throws IOException {
    rig.close();
    open(1, 3);
    inTurn(
        actor,
        context -> {
          for (int i = 0; i < 8; i++) {
            pipe(context, "write " + i, file.write(0, rig.buffer("text " + i)));
          }
        });
    assertEquals(3, rig.driver().taken().size());
    assertEquals(3, rig.core().stats().diskInFlight());
    assertEquals(5, rig.disk(MANY).waiting());
    letGo();
    awaitEnded(8);
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5, 6, 7).stream().map(i -> "write " + i).toList(),
        ended.stream().sorted().toList());
    assertEquals(0, rig.disk(MANY).waiting());
    assertEquals(5, rig.disk(MANY).waitingPeak());
    assertEquals(5, rig.disk(MANY).waits().count());
    assertEquals(6, Files.size(folder.resolve("file")));
  }

  @Test
  void whatWaitsIsCancelledAtOnceAndGivesItsBufferBack() throws IOException {
    block();
    List<IoOp<?>> ops = new ArrayList<>();
    inTurn(
        actor,
        context -> {
          ops.add(file.write(0, rig.buffer("unwanted")));
          ops.add(file.read(0, 10));
          ops.add(file.dataSync());
          ops.forEach(op -> pipe(context, "op", op));
        });
    assertEquals(3, rig.disk(MANY).waiting());
    assertEquals(2, rig.buffersLent());
    inTurn(actor, context -> ops.get(1).cancel());
    inTurn(actor, context -> ops.forEach(IoOp::cancel));
    assertEquals(List.of("op 125", "op 125", "op 125"), ended);
    assertEquals(0, rig.disk(MANY).waiting());
    assertEquals(0, rig.buffersLent());
    letGo();
    awaitEnded(4);
    assertEquals(List.of(IoOpcode.SIZE), taken());
    assertEquals(0, Files.size(folder.resolve("file")));
  }

  /** The place is held for ever, so only the timeout can end it. */
  @Test
  void whatWaitsTimesOut() {
    block();
    inTurn(
        actor,
        context -> {
          pipe(context, "read", file.read(0, 10).timeout(Duration.ofSeconds(2)));
          pipe(context, "patient", file.read(0, 10).timeout(Duration.ofSeconds(20)));
        });
    rig.nowNanos += Duration.ofSeconds(3).toNanos();
    rig.rest();
    assertEquals(List.of("read " + Errno.ETIMEDOUT), ended);
    assertEquals(1, rig.buffersLent());
    letGo();
    awaitEnded(3);
    assertEquals(List.of(IoOpcode.SIZE, IoOpcode.READ), taken());
  }

  @Test
  void whatAnActorThatStopsHasWaitingEndsAndWhatOthersHaveIsDone() {
    block();
    ActorRef<Work> stopping = rig.actor(FEW);
    inTurn(
        stopping,
        context -> {
          pipe(context, "never", file.write(0, rig.buffer("never")));
          pipe(context, "never", file.read(0, 100));
          context.await(file.read(0, 100), (buffer, failure) -> ended.add("never"));
        });
    inTurn(actor, context -> pipe(context, "other's", file.read(0, 100)));
    assertEquals(3, rig.disk(FEW).waiting());
    assertEquals(4, rig.buffersLent());
    rig.system.stop(stopping);
    rig.rest();
    assertEquals(0, rig.disk(FEW).waiting());
    assertEquals(1, rig.buffersLent());
    letGo();
    awaitEnded(2);
    assertEquals(List.of("first", "other's"), ended);
    assertEquals(List.of(IoOpcode.SIZE, IoOpcode.READ), taken());
  }

  @Test
  void aFileIsClosedAfterWhatWasStartedBefore() throws IOException {
    block();
    ActorRef<Work> second = rig.actor(FEW);
    inTurn(second, context -> pipe(context, "second's", file.write(8, rig.buffer("two"))));
    inTurn(
        actor,
        context -> {
          pipe(context, "write", file.write(0, rig.buffer("one")));
          pipe(context, "sync", file.dataSync());
          pipe(context, "close", file.close());
          pipe(context, "late", file.read(0, 10));
          pipe(context, "again", file.close());
        });
    assertEquals(List.of("late " + Errno.EBADF, "again"), ended);
    letGo();
    awaitEnded(7);
    assertEquals("close", ended.get(6));
    assertTrue(ended.containsAll(List.of("write", "sync", "second's")), ended::toString);
    assertEquals("one\0\0\0\0\0two", Files.readString(folder.resolve("file")));
    CompletionStage<IoBuffer> read = file.read(0, 10).toCompletionStage();
    rig.stepUntil(() -> read.toCompletableFuture().isDone());
    assertEquals(Errno.EBADF, errno(read));
  }

  /** The disk stays held: nothing but the cancelled operation was before the close. */
  @Test
  void aCloseGoesOnWhenWhatItWaitsForIsCancelled() {
    block();
    List<IoOp<?>> write = new ArrayList<>();
    inTurn(
        actor,
        context -> {
          write.add(file.write(0, rig.buffer("unwanted")));
          pipe(context, "write", write.get(0));
          pipe(context, "close", file.close().timeout(Duration.ofSeconds(1)));
        });
    rig.nowNanos += Duration.ofSeconds(2).toNanos();
    rig.rest();
    assertEquals(List.of(), ended, "a close is on its way and takes the time it takes");
    inTurn(actor, context -> write.get(0).cancel());
    awaitEnded(2);
    assertEquals(List.of("write 125", "close"), ended);
    letGo();
    awaitEnded(3);
  }

  @Test
  void aFileIsClosedAlthoughWhoClosesItHasStopped() {
    block();
    ActorRef<Work> closing = rig.actor(FEW);
    inTurn(actor, context -> pipe(context, "write", file.write(0, rig.buffer("text"))));
    inTurn(
        closing,
        context -> {
          pipe(context, "never", file.close());
          context.stop();
        });
    letGo();
    awaitEnded(2);
    CompletionStage<Long> size = file.size().toCompletionStage();
    rig.stepUntil(() -> size.toCompletableFuture().isDone());
    assertEquals(Errno.EBADF, errno(size));
    assertEquals(List.of("first", "write"), ended);
  }

  @Test
  void whatWaitsWhenTheExecutorEndsIsCancelledAndFilesAreClosed() throws IOException {
    block();
    CompletionStage<Integer> write = file.write(0, rig.buffer("text")).toCompletionStage();
    CompletionStage<IoBuffer> read = file.read(0, 100).toCompletionStage();
    CompletionStage<Void> closed = file.close().toCompletionStage();
    rig.rest();
    assertFalse(write.toCompletableFuture().isDone());
    rig.close();
    assertEquals(Errno.ECANCELED, errno(write));
    assertEquals(Errno.ECANCELED, errno(read));
    assertTrue(closed.toCompletableFuture().isDone());
    assertFalse(closed.toCompletableFuture().isCompletedExceptionally());
    assertEquals(0, Files.size(folder.resolve("file")));
  }

  @Test
  void whatTheDriverRefusesWhenItsTurnComesFailsAndTheNextIsDone() {
    block();
    inTurn(
        actor,
        context -> {
          IoBuffer released = rig.buffer("text");
          pipe(context, "refused", file.write(0, released));
          pipe(context, "next", file.write(0, rig.buffer("text")));
          released.release();
        });
    letGo();
    awaitEnded(3);
    assertTrue(ended.containsAll(List.of("refused " + Errno.EINVAL, "next")), ended::toString);
  }

  @Test
  void aStageCountsForTheClassInWhoseTurnItWasMade() {
    rig.close();
    open(2, 1);
    block();
    List<CompletionStage<Long>> stages = new ArrayList<>();
    inTurn(actor, context -> stages.add(file.size().toCompletionStage()));
    assertEquals(1, rig.disk(MANY).waiting());
    stages.add(file.size().toCompletionStage());
    rig.rest();
    assertEquals(1, rig.disk(PriorityClass.DEFAULT).waiting());
    ActorRef<Work> elsewhere = rig.actor(FEW, 1);
    inTurn(elsewhere, context -> stages.add(file.size().toCompletionStage()));
    assertEquals(1, rig.disk(FEW).waiting());
    assertEquals(0, rig.disk(FEW, 1).waiting());
    letGo();
    stages.forEach(rig::get);
    rig.system.stop(elsewhere);
    rig.rest();
    rig.system.removePriorityClass(FEW);
  }

  @Test
  void anOperationStaysWithTheClassThatItsActorHadWhenItStarted() {
    block();
    inTurn(
        actor,
        context -> {
          pipe(context, "before", file.size());
          context.changePriorityClass(FEW);
          pipe(context, "after", file.size());
        });
    assertEquals(1, rig.disk(MANY).waiting());
    assertEquals(1, rig.disk(FEW).waiting());
    letGo();
    awaitEnded(3);
  }

  /** Sockets, delays and opening go past what waits. */
  @Test
  void onlyWhatWorksOnFilesWaits() {
    block();
    inTurn(actor, context -> pipe(context, "waits", file.size()));
    rig.open(folder.resolve("third"));
    inTurn(actor, context -> pipe(context, "delay", context.io().delay(Duration.ZERO)));
    awaitEnded(1);
    assertEquals(List.of("delay"), ended);
    letGo();
    awaitEnded(3);
    assertEquals(2, rig.driver().taken().size());
  }
}
