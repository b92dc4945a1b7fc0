package dev.ringlet.scheduler;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileDraft;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How operations on files end early: their actor stops, the file or the system is closed, the
 * device is full. After each the buffers and the descriptors are back.
 */
@OnBothDrivers
final class FileEndsTest {
  private final String driver;
  @TempDir private Path folder;

  FileEndsTest(String driver) {
    this.driver = driver;
  }

  private static int errno(CompletionStage<?> outcome) {
    return Systems.get(
        outcome.handle((value, failure) -> failure == null ? 0 : ((IoException) failure).errno()));
  }

  /** Starts many operations of its own and is then stopped. */
  private static final class Busy implements Actor<String> {
    private final List<IoOp<?>> operations;
    private final CompletableFuture<Void> begun;

    Busy(List<IoOp<?>> operations, CompletableFuture<Void> begun) {
      this.operations = operations;
      this.begun = begun;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      for (IoOp<?> operation : operations) {
        context.pipe(
            operation,
            (value, failure) -> {
              giveBack(value);
              return "done";
            });
      }
      begun.complete(null);
    }

    @Override
    public void receive(String message, ActorContext<String> context) {}
  }

  private List<IoOp<?>> oneOfEach(FileRig rig, AsyncFile file, AsyncFile log) {
    List<IoOp<?>> operations = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      operations.add(file.read(0, List.of(rig.empty(100), rig.empty(3000))));
      operations.add(file.write(0, List.of(rig.buffer(new byte[10]), rig.buffer(new byte[5]))));
      operations.add(file.readExactly(0, 5000));
      operations.add(log.append(rig.buffer(new byte[10])));
      operations.add(log.append(List.of(rig.buffer(new byte[10]))));
      operations.add(file.copyRangeTo(0, file, 100_000, 50_000));
      operations.add(file.stat());
      operations.add(file.sync());
      operations.add(file.syncRange(0, 100));
      operations.add(file.tryLock(i, 1, false));
      operations.add(rig.io.open(file.path(), FileOption.DIRECT));
      operations.add(rig.io.open(folder, FileOption.TEMPORARY));
      operations.add(rig.io.open(folder.resolve("gone" + i), CREATE, WRITE, DELETE_ON_CLOSE));
      operations.add(rig.io.paths().makeDirectory(folder.resolve("made" + i)));
      operations.add(rig.io.paths().stat(folder));
    }
    return operations;
  }

  @Test
  void anActorThatStopsEndsItsOperations() throws IOException {
    try (FileRig rig = new FileRig(driver)) {
      Path path = Files.write(folder.resolve("file"), new byte[60_000]);
      AsyncFile file = rig.open(path, READ, WRITE);
      AsyncFile log = rig.open(folder.resolve("log"), CREATE, APPEND);
      CompletableFuture<Void> begun = new CompletableFuture<>();
      List<IoOp<?>> operations = oneOfEach(rig, file, log);
      ActorRef<String> busy =
          rig.executor().spawn(() -> new Busy(operations, begun), ActorOptions.defaults());
      Systems.get(begun);
      rig.system.stop(busy);
    }
  }

  @Test
  void aSystemThatIsClosedEndsItsOperations() throws IOException {
    new FileRig(driver).close(); // what a process opens once, such as libraries, is not counted
    int descriptors = FileRig.descriptors();
    Path path = Files.write(folder.resolve("file"), new byte[60_000]);
    FileRig rig = new FileRig(driver);
    AsyncFile file = Systems.get(rig.io.open(path, READ, WRITE).toCompletionStage());
    Path log = folder.resolve("log");
    AsyncFile appending = Systems.get(rig.io.open(log, CREATE, APPEND).toCompletionStage());
    List<IoOp<?>> operations = oneOfEach(rig, file, appending);
    List<CompletionStage<?>> outcomes = new ArrayList<>();
    Systems.inTurn(
        rig.executor(),
        context -> operations.forEach(each -> outcomes.add(each.toCompletionStage())));
    rig.system.close();
    for (CompletionStage<?> outcome : outcomes) {
      int errno = errno(outcome);
      assertTrue(errno == 0 || errno == Errno.ECANCELED || errno == Errno.EBADF, "errno " + errno);
    }
    Systems.awaitUntil(() -> FileRig.descriptors() <= descriptors);
  }

  @Test
  void aFileThatIsClosedEndsWhatIsInFlightOnIt() throws IOException {
    closeWhileBusy(Systems.pool(driver, 1));
  }

  /** Appends wait for one another and for the disk too; the close comes after both. */
  @Test
  void aFileThatIsClosedEndsWhatWaitsForTheDisk() throws IOException {
    closeWhileBusy(Systems.pool(driver, 1).withDiskDepth(1));
  }

  private void closeWhileBusy(ExecutorPool pool) throws IOException {
    try (FileRig rig = new FileRig(pool)) {
      Path path = Files.write(folder.resolve("file"), new byte[60_000]);
      AsyncFile file = rig.open(path, READ, WRITE);
      AsyncFile log = rig.open(folder.resolve("log"), CREATE, APPEND);
      List<IoOp<?>> operations = oneOfEach(rig, file, log);
      List<CompletionStage<?>> outcomes = new ArrayList<>();
      Systems.inTurn(
          rig.executor(),
          context -> {
            operations.forEach(each -> outcomes.add(each.toCompletionStage()));
            outcomes.add(file.close().toCompletionStage());
            outcomes.add(log.close().toCompletionStage());
          });
      for (CompletionStage<?> outcome : outcomes) {
        int errno = errno(outcome);
        assertTrue(
            errno == 0 || errno == Errno.ECANCELED || errno == Errno.EBADF, "errno " + errno);
        outcome.thenAccept(FileEndsTest::giveBack);
      }
      assertEquals(400, Files.size(log.path()), "appends that were started before the close");
    }
  }

  private static void giveBack(@Nullable Object value) {
    if (value instanceof IoBuffer buffer) {
      buffer.release();
    } else if (value instanceof List<?> buffers) {
      buffers.forEach(FileEndsTest::giveBack);
    } else if (value instanceof AsyncFile file) {
      var unused = file.close().toCompletionStage();
    }
  }

  /** An open that is cancelled anywhere on its way leaves neither a descriptor nor a name. */
  @Test
  void anOpenThatIsCancelledLeavesNothingBehind() throws IOException {
    try (FileRig rig = new FileRig(driver)) {
      List<IoOp<AsyncFile>> opens = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Path path = folder.resolve("gone" + i);
        opens.add(rig.io.open(path, CREATE_NEW, WRITE, DELETE_ON_CLOSE, FileOption.DIRECT));
      }
      List<CompletionStage<AsyncFile>> outcomes = new ArrayList<>();
      for (IoOp<AsyncFile> open : opens) {
        outcomes.add(open.toCompletionStage());
      }
      opens.forEach(IoOp::cancel);
      for (CompletionStage<AsyncFile> outcome : outcomes) {
        int errno = errno(outcome);
        assertTrue(errno == 0 || errno == Errno.ECANCELED, "errno " + errno);
        outcome.thenAccept(FileEndsTest::giveBack);
      }
      Systems.awaitUntil(this::isFolderEmpty);
    }
  }

  /** The end may come between the open and the unlink, which nobody does any more then. */
  @Test
  void aSystemThatIsClosedLeavesNoNameBehind() {
    for (int round = 0; round < 20; round++) {
      FileRig rig = new FileRig(driver);
      List<CompletionStage<?>> outcomes = new ArrayList<>();
      CompletableFuture<Void> begun = new CompletableFuture<>();
      rig.executor()
          .execute(
              () -> {
                for (int i = 0; i < 40; i++) {
                  Path path = folder.resolve("gone" + i);
                  IoOp<AsyncFile> open = rig.io.open(path, CREATE_NEW, WRITE, DELETE_ON_CLOSE);
                  outcomes.add(open.toCompletionStage());
                  outcomes.add(rig.io.draft(folder.resolve("draft" + i)).toCompletionStage());
                }
                begun.complete(null);
              });
      Systems.get(begun);
      closeAfter(rig, round);
      for (CompletionStage<?> outcome : outcomes) {
        int errno = errno(outcome);
        assertTrue(errno == 0 || errno == Errno.ECANCELED, "errno " + errno);
      }
      deleteDraftsThatWereGiven(outcomes);
      Systems.awaitUntil(this::isFolderEmpty);
    }
  }

  /** A little later in each round. */
  private static void closeAfter(FileRig rig, int round) {
    for (int i = 0; i < round; i++) {
      rig.system.run(context -> "");
    }
    rig.system.close();
  }

  private static void deleteDraftsThatWereGiven(List<CompletionStage<?>> outcomes) {
    for (CompletionStage<?> outcome : outcomes) {
      Object value = outcome.toCompletableFuture().handle((given, failure) -> given).join();
      if (value instanceof FileDraft draft) {
        assertTrue(draft.output().file().path().toFile().delete(), draft::toString);
      }
    }
  }

  private boolean isFolderEmpty() throws IOException {
    try (var names = Files.list(folder)) {
      return names.findAny().isEmpty();
    }
  }

  /** A file system of 256 KiB: what fits stays, and the rest fails with the error. */
  @Test
  void aFullFileSystemSaysSo() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.toString()) == 0,
        "mounting needs root");
    try (FileRig rig = new FileRig(driver)) {
      AsyncFile file = rig.open(folder.resolve("file"), CREATE_NEW, WRITE);
      rig.fails(Errno.ENOSPC, file.write(0, rig.buffer(new byte[1 << 20])));
      rig.get(file.truncate(0));
      AsyncFile log = rig.open(folder.resolve("log"), CREATE, APPEND);
      IoOp<Integer> append =
          log.append(List.of(rig.buffer(new byte[200_000]), rig.buffer(new byte[200_000])));
      rig.fails(Errno.ENOSPC, append);
      assertTrue(Files.size(log.path()) >= 200_000, "what was taken stays");
      rig.fails(Errno.ENOSPC, log.append(rig.buffer(new byte[100_000])));
      if (driver.equals("uring")) {
        rig.fails(Errno.ENOSPC, file.allocate(0, 1 << 20, false));
      }
    } finally {
      assertEquals(0, run("umount", folder.toString()));
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }
}
