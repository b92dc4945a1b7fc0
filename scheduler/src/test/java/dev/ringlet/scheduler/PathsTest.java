package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FilePermissions;
import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.PathOperations;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in the file system, as users see them. */
@OnBothDrivers
final class PathsTest {
  private final String driver;
  @TempDir private Path folder;
  private FileRig rig;
  private PathOperations paths;

  PathsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    rig = new FileRig(driver);
    paths = rig.io.paths();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  /** The usual way to replace a file whole, so that it is there after a power loss. */
  @Test
  void aFileIsReplacedInOneStep() throws IOException {
    Files.writeString(at("config"), "old");
    AsyncFile next = rig.open(at("config.next"), CREATE_NEW, WRITE);
    rig.get(next.write(0, rig.buffer("new".getBytes(US_ASCII))));
    rig.get(next.sync());
    rig.get(paths.rename(at("config.next"), at("config")));
    rig.get(rig.open(folder).sync());
    assertEquals("new", Files.readString(at("config")));
    assertFalse(Files.exists(at("config.next")));
  }

  @Test
  void aTakenNameIsKeptWhereThatIsAskedFor() throws IOException {
    Files.writeString(at("one"), "1");
    Files.writeString(at("two"), "2");
    IoException failure = rig.failure(paths.renameToFree(at("one"), at("two")));
    assertEquals(Errno.EEXIST, failure.errno());
    assertEquals("rename", failure.operation());
    assertEquals(at("one") + " to " + at("two"), failure.subject());
    assertEquals("2", Files.readString(at("two")));
    rig.get(paths.renameToFree(at("one"), at("three")));
    assertEquals("1", Files.readString(at("three")));
  }

  @Test
  void linksAreMadeAndTold() throws IOException {
    Files.writeString(at("file"), "content");
    rig.get(paths.link(at("file"), at("hard")));
    rig.get(paths.symlink(Path.of("file"), at("soft")));
    FileStat file = rig.get(paths.stat(at("file")));
    assertEquals(2, file.links());
    assertTrue(file.isSameFile(rig.get(paths.stat(at("hard")))));
    assertTrue(file.isSameFile(rig.get(paths.stat(at("soft")))));
    assertEquals(FileStat.Kind.SYMLINK, rig.get(paths.statLink(at("soft"))).kind());
    rig.get(paths.unlink(at("soft")));
    rig.get(paths.unlink(at("file")));
    assertEquals(1, rig.get(paths.stat(at("hard"))).links());
  }

  @Test
  void directoriesAreMadeAndRemoved() {
    rig.get(paths.makeDirectory(at("made")));
    assertTrue(rig.get(paths.stat(at("made"))).isDirectory());
    rig.get(paths.makeDirectory(at("made").resolve("private"), new FilePermissions(0700)));
    assertEquals(0700, rig.get(paths.stat(at("made").resolve("private"))).permissions());
    rig.fails(Errno.ENOTEMPTY, paths.removeDirectory(at("made")));
    rig.get(paths.removeDirectory(at("made").resolve("private")));
    rig.get(paths.removeDirectory(at("made")));
    rig.fails(Errno.ENOENT, paths.stat(at("made")));
  }

  @Test
  void errorsNameWhatWasTriedAndOnWhat() throws IOException {
    Files.writeString(at("file"), "");
    rig.fails(Errno.ENOENT, paths.unlink(at("none")));
    rig.fails(Errno.ENOTDIR, paths.stat(at("file").resolve("below")));
    rig.fails(Errno.EISDIR, paths.unlink(folder));
    rig.fails(Errno.ENOTDIR, paths.removeDirectory(at("file")));
    rig.fails(Errno.EEXIST, paths.makeDirectory(at("file")));
    rig.fails(Errno.EEXIST, paths.link(at("file"), at("file")));
    IoException failure = rig.failure(paths.makeDirectory(at("a").resolve("b")));
    assertEquals(Errno.ENOENT, failure.errno());
    assertEquals("mkdir", failure.operation());
    assertEquals(at("a").resolve("b").toString(), failure.subject());
  }

  @Test
  void whatIsCancelledBeforeItsStartIsNotDone() {
    IoOp<Void> made = paths.makeDirectory(at("made"));
    made.cancel();
    rig.fails(Errno.ECANCELED, made);
    assertFalse(Files.exists(at("made")));
  }

  /** Done or not, each has one outcome, and what it says of success is so. */
  @Test
  void cancelledOperationsHaveOneOutcomeEach() {
    List<IoOp<Void>> operations = new ArrayList<>();
    List<CompletionStage<Void>> outcomes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      operations.add(paths.makeDirectory(at("made" + i)));
    }
    Systems.inTurn(
        rig.executor(),
        context -> {
          operations.forEach(operation -> outcomes.add(operation.toCompletionStage()));
          operations.forEach(IoOp::cancel);
        });
    for (int i = 0; i < 200; i++) {
      CompletionStage<Void> outcome = outcomes.get(i);
      boolean done =
          Systems.get(
              outcome.handle(
                  (nothing, failure) -> {
                    assertTrue(
                        failure == null || ((IoException) failure).isCancelled(),
                        () -> String.valueOf(failure));
                    return failure == null;
                  }));
      assertTrue(!done || Files.isDirectory(at("made" + i)), "made" + i);
    }
  }

  @Test
  void aSecondPathMustBeGiven() {
    assertThrows(NullPointerException.class, () -> paths.rename(at("a"), null));
    assertThrows(NullPointerException.class, () -> paths.stat(null));
  }
}
