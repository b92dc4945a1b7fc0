package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.FilePermissions;
import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.spi.Errno;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors, appends, ranges, locks and options of files. */
@OnBothDrivers
final class FileOperationsTest {
  private final String driver;
  @TempDir private Path folder;
  private FileRig rig;

  FileOperationsTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    rig = new FileRig(driver);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private AsyncFile create(String name, byte[] content) throws IOException {
    return rig.open(Files.write(folder.resolve(name), content), READ, WRITE);
  }

  private AsyncFile appending(String name) {
    return rig.open(folder.resolve(name), CREATE, APPEND);
  }

  @Test
  void anExactReadGivesAllOrTellsWhatThereWas() throws IOException {
    AsyncFile file = create("exact", bytes("0123456789"));
    assertArrayEquals(bytes("3456"), FileRig.take(rig.get(file.readExactly(3, 4))));
    IoException failure = rig.failure(file.readExactly(6, 10));
    assertEquals(Errno.ENODATA, failure.errno());
    assertInstanceOf(EOFException.class, failure.getCause());
    assertTrue(failure.getMessage().contains("4 of 10 bytes from position 6"), failure::toString);
    rig.fails(Errno.ENODATA, file.readExactly(10, 1));
  }

  @Test
  void severalBuffersAreWrittenAndReadInOrder() throws IOException {
    AsyncFile file = create("vector", new byte[0]);
    byte[] data = random(700_000);
    IoBuffer first = rig.empty(300_000).write(data, 0, 300_000);
    IoBuffer rest = rig.empty(400_000).write(data, 300_000, 400_000);
    assertEquals(700_000, rig.get(file.write(5, List.of(first, rest))));
    assertTrue(first.isReleased() && rest.isReleased());
    assertEquals(700_005, rig.get(file.size()));
    IoBuffer small = rig.empty(1000);
    IoBuffer large = rig.empty(1 << 20);
    List<IoBuffer> read = rig.get(file.read(5, List.of(small, large)));
    assertEquals(List.of(small, large), read);
    assertEquals(small.capacity(), small.readableBytes());
    assertEquals(700_000 - small.capacity(), large.readableBytes());
    IoBuffer joined = rig.empty(700_000).write(small.readable()).write(large.readable());
    assertArrayEquals(data, FileRig.take(joined));
    read.forEach(IoBuffer::release);
  }

  @Test
  void buffersOfAFailedReadAreGivenBack() throws IOException {
    AsyncFile file = rig.open(Files.write(folder.resolve("closed"), bytes("abc")), WRITE);
    IoBuffer buffer = rig.empty(10);
    rig.fails(Errno.EBADF, file.read(0, List.of(buffer)));
    assertTrue(buffer.isReleased());
    IoBuffer cancelled = rig.empty(10);
    IoOp<List<IoBuffer>> never = file.read(0, List.of(cancelled));
    never.cancel();
    Systems.awaitUntil(cancelled::isReleased);
  }

  @Test
  void vectorsThatMakeNoSenseAreRefused() throws IOException {
    AsyncFile file = create("refused", new byte[0]);
    assertThrows(IllegalArgumentException.class, () -> file.write(0, List.of()));
    assertThrows(IllegalArgumentException.class, () -> file.read(0, List.of()));
    IoBuffer full = rig.buffer(new byte[256]);
    assertThrows(IllegalArgumentException.class, () -> file.read(0, List.of(full)));
    List<IoBuffer> many = new ArrayList<>();
    for (int i = 0; i < 1025; i++) {
      many.add(full);
    }
    assertThrows(IllegalArgumentException.class, () -> file.write(0, many));
    full.release();
  }

  @Test
  void appendsStandInTheOrderOfTheirStarts() throws IOException {
    AsyncFile file = appending("log");
    StringBuilder expected = new StringBuilder();
    List<CompletionStage<Integer>> appends = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String line = "line " + i + "\n";
      expected.append(line);
      IoBuffer buffer = rig.buffer(bytes(line));
      IoOp<Integer> append = i % 3 == 0 ? file.append(List.of(buffer)) : file.append(buffer);
      appends.add(append.toCompletionStage());
    }
    CompletionStage<Void> close = file.close().toCompletionStage();
    for (CompletionStage<Integer> append : appends) {
      assertTrue(Systems.get(append) > 0);
    }
    Systems.get(close);
    assertEquals(expected.toString(), Files.readString(folder.resolve("log")));
  }

  @Test
  void aCancelledAppendLeavesTheOthersAlone() throws IOException {
    AsyncFile file = appending("log");
    List<IoOp<Integer>> appends = new ArrayList<>();
    List<CompletionStage<Integer>> outcomes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      appends.add(file.append(rig.buffer(bytes(i + "\n"))));
    }
    Systems.inTurn(
        rig.executor(),
        context -> {
          appends.forEach(append -> outcomes.add(append.toCompletionStage()));
          appends.get(7).cancel();
          appends.get(49).cancel();
        });
    for (int i = 0; i < 50; i++) {
      CompletionStage<Integer> outcome = outcomes.get(i);
      if (i == 7 || i == 49) {
        assertThrows(Exception.class, () -> Systems.get(outcome));
      } else {
        assertTrue(Systems.get(outcome) >= 2);
      }
    }
    assertEquals(48, Files.readAllLines(folder.resolve("log")).size());
  }

  @Test
  void positionsAndAppendsAreNotMixed() throws IOException {
    AsyncFile log = appending("log");
    AsyncFile file = create("file", new byte[0]);
    IoBuffer buffer = rig.buffer(bytes("x"));
    assertTrue(
        assertThrows(IllegalStateException.class, () -> log.write(0, buffer))
            .getMessage()
            .contains("use append"));
    assertTrue(
        assertThrows(IllegalStateException.class, () -> file.append(buffer))
            .getMessage()
            .contains("APPEND"));
    buffer.release();
    assertThrows(IllegalArgumentException.class, () -> rig.io.open(file.path(), READ, APPEND));
    assertThrows(
        IllegalArgumentException.class, () -> rig.io.open(file.path(), TRUNCATE_EXISTING, APPEND));
  }

  @Test
  void ioOnAFullDeviceFailsWithItsErrorAndKeepsNothing() {
    AsyncFile full = rig.open(Path.of("/dev/full"), WRITE);
    rig.fails(Errno.ENOSPC, full.write(0, rig.buffer(new byte[10])));
    rig.fails(Errno.ENOSPC, full.write(0, List.of(rig.buffer(new byte[10]))));
  }

  @Test
  void aFileIsSyncedWholeAndInRanges() throws IOException {
    AsyncFile file = create("synced", random(100_000));
    rig.get(file.write(0, rig.buffer(random(50_000))));
    rig.get(file.syncRange(10, 20_000));
    rig.get(file.syncRange(0, 5L << 30));
    rig.get(file.sync());
    rig.get(file.dataSync());
    assertThrows(IllegalArgumentException.class, () -> file.syncRange(0, 0));
    assertThrows(IllegalArgumentException.class, () -> file.syncRange(5, Long.MAX_VALUE));
    rig.get(rig.open(folder).sync());
  }

  @Test
  void blocksAreReservedAndGivenBackWhereTheDriverCan() throws IOException {
    AsyncFile file = create("blocks", random(100_000));
    if (driver.equals("nio")) {
      IoException failure = rig.failure(file.allocate(0, 10, false));
      assertEquals(Errno.EOPNOTSUPP, failure.errno());
      assertTrue(failure.getMessage().contains("io_uring"), failure::toString);
      rig.fails(Errno.EOPNOTSUPP, file.punchHole(0, 10));
      return;
    }
    rig.get(file.allocate(0, 1_000_000, true));
    assertEquals(100_000, rig.get(file.size()));
    assertTrue(rig.get(file.stat()).allocatedBytes() >= 1_000_000);
    rig.get(file.allocate(0, 200_000, false));
    assertEquals(200_000, rig.get(file.size()));
    rig.get(file.punchHole(0, 4096));
    assertArrayEquals(new byte[4096], rig.read(file, 0, 4096));
    assertEquals(200_000, rig.get(file.size()));
  }

  @Test
  void statTellsOfTheOpenFile() throws IOException {
    AsyncFile file = create("stat", random(1234));
    FileStat stat = rig.get(file.stat());
    assertEquals(1234, stat.size());
    assertTrue(stat.isRegularFile());
    assertEquals(Files.getAttribute(file.path(), "unix:ino"), stat.inode());
    assertTrue(stat.isSameFile(rig.get(rig.io.paths().stat(file.path()))));
  }

  @Test
  void aRangeIsCopiedIntoAnotherFile() throws IOException {
    byte[] data = random(1_000_000);
    AsyncFile source = create("source", data);
    AsyncFile target = create("target", bytes("head"));
    assertEquals(999_990L, rig.get(source.copyRangeTo(10, target, 4, Long.MAX_VALUE)));
    byte[] copied = Files.readAllBytes(target.path());
    assertEquals(999_994, copied.length);
    for (int i = 10; i < data.length; i++) {
      assertEquals(data[i], copied[i - 6]);
    }
    assertEquals(5L, rig.get(source.copyRangeTo(0, target, 0, 5)));
    assertEquals(0L, rig.get(source.copyRangeTo(0, target, 0, 0)));
    assertEquals(0L, rig.get(source.copyRangeTo(1_000_000, target, 0, 5)));
    assertEquals(100L, rig.get(source.copyRangeTo(0, source, 100, 100)), "within one file");
  }

  @Test
  void copiesThatCannotBeAreRefused() throws IOException {
    AsyncFile file = create("file", random(1000));
    AsyncFile log = appending("log");
    AsyncFile readable = rig.open(file.path());
    assertThrows(IllegalArgumentException.class, () -> file.copyRangeTo(0, log, 0, 5));
    assertThrows(IllegalArgumentException.class, () -> file.copyRangeTo(0, file, 4, 5));
    assertThrows(IllegalArgumentException.class, () -> file.copyRangeTo(-1, file, 4, 5));
    rig.fails(Errno.EBADF, file.copyRangeTo(0, readable, 500, 5));
  }

  /** From /dev/zero there is always more: only the cancellation ends it. */
  @Test
  void aCopyIsCancelledBetweenItsPieces() throws IOException {
    AsyncFile zero = rig.open(Path.of("/dev/zero"));
    AsyncFile sink = rig.open(Path.of("/dev/null"), WRITE);
    IoOp<Long> copy = zero.copyRangeTo(0, sink, 0, Long.MAX_VALUE);
    long before = completed();
    CompletionStage<Long> outcome = copy.toCompletionStage();
    Systems.awaitUntil(() -> completed() > before + 10);
    copy.cancel();
    IoException failure =
        assertInstanceOf(
            IoException.class,
            assertThrows(Exception.class, () -> Systems.get(outcome)).getCause());
    assertTrue(failure.isCancelled(), failure::toString);
  }

  private long completed() {
    return rig.system.stats().executors().get(0).io().completed();
  }

  @Test
  void locksKeepOtherFilesOut() throws IOException {
    AsyncFile one = create("locked", random(100));
    AsyncFile other = rig.open(one.path(), READ, WRITE);
    assertTrue(rig.get(one.tryLock(0, 10, false)));
    assertFalse(rig.get(other.tryLock(5, 10, false)));
    assertTrue(rig.get(other.tryLock(10, 0, false)));
    rig.get(one.unlock(0, 10));
    assertTrue(rig.get(other.tryLock(0, 10, false)));
    rig.fails(Errno.EBADF, rig.open(one.path()).tryLock(50, 1, false));
  }

  /** Locks of the open file know shared and changed ones; those of the process do not. */
  @Test
  void locksAreSharedAndChangedWhereTheDriverCan() throws IOException {
    AsyncFile one = create("locked", random(100));
    AsyncFile other = rig.open(one.path(), READ, WRITE);
    boolean ofFile = driver.equals("uring");
    assertTrue(rig.get(one.tryLock(0, 10, true)));
    assertEquals(ofFile, rig.get(other.tryLock(0, 10, true)));
    assertFalse(rig.get(one.tryLock(0, 10, false)), "somebody else shares it");
    rig.get(other.unlock(0, 10));
    assertEquals(ofFile, rig.get(one.tryLock(0, 10, false)));
    if (ofFile) {
      rig.get(one.unlock(5, 1));
      assertTrue(rig.get(other.tryLock(5, 1, false)), "a part that was given free");
    } else {
      rig.fails(Errno.EOPNOTSUPP, one.unlock(5, 1));
    }
  }

  /** Nobody has asked for the lock any more, so nobody would give it free. */
  @Test
  void aLockThatNobodyWaitsForIsGivenBack() throws IOException {
    AsyncFile one = create("locked", random(100));
    AsyncFile other = rig.open(one.path(), READ, WRITE);
    for (int i = 0; i < 20; i++) {
      // In one turn, so that the outcome cannot come before.
      Systems.inTurn(
          rig.executor(),
          context ->
              assertTrue(
                  one.tryLock(0, 0, false)
                      .toCompletionStage()
                      .toCompletableFuture()
                      .cancel(false)));
      Systems.awaitUntil(() -> rig.get(other.tryLock(0, 0, false)));
      rig.get(other.unlock(0, 0));
    }
  }

  @Test
  void aFileIsMadeWithPermissions() {
    Path path = folder.resolve("secret");
    rig.open(path, WRITE, CREATE_NEW, FilePermissions.of("rw-------"));
    assertEquals(0600, rig.get(rig.io.paths().stat(path)).permissions());
    assertThrows(IllegalArgumentException.class, () -> new FilePermissions(01000));
    assertEquals("rw-r--r--", new FilePermissions(0644).toString());
    assertEquals(
        new FilePermissions(0751),
        FilePermissions.of(PosixFilePermissions.fromString("rwxr-x--x")));
  }

  @Test
  void aFileThatIsDeletedOnCloseHasLostItsNameAlready() {
    Path path = folder.resolve("scratch");
    AsyncFile file = rig.open(path, READ, WRITE, CREATE_NEW, DELETE_ON_CLOSE);
    assertFalse(Files.exists(path));
    rig.get(file.write(0, rig.buffer(bytes("still there"))));
    assertArrayEquals(bytes("still there"), rig.read(file, 0, 100));
  }

  @Test
  void aTemporaryFileNeverHasAName() throws IOException {
    AsyncFile file = rig.open(folder, FileOption.TEMPORARY);
    rig.get(file.write(0, rig.buffer(bytes("hidden"))));
    assertArrayEquals(bytes("hidden"), rig.read(file, 0, 100));
    try (var names = Files.list(folder)) {
      assertEquals(0, names.count());
    }
    assertThrows(
        IllegalArgumentException.class, () -> rig.io.open(folder, FileOption.TEMPORARY, CREATE));
  }

  @Test
  void whatIsOnlyReadIsNeitherMadeNorCut() throws IOException {
    Path path = Files.write(folder.resolve("kept"), bytes("kept"));
    AsyncFile file = rig.open(path, READ, TRUNCATE_EXISTING, CREATE);
    assertEquals(4, rig.get(file.size()));
    rig.fails(Errno.ENOENT, rig.io.open(folder.resolve("none"), READ, CREATE));
  }

  @Test
  void filesOfAnotherExecutorAreNoTargets() throws IOException {
    AsyncFile file = create("file", random(10));
    try (FileRig other = new FileRig(driver)) {
      AsyncFile foreign = other.open(file.path(), WRITE);
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> file.copyRangeTo(0, foreign, 0, 5))
              .getMessage()
              .contains("another executor"));
    }
  }

  /** As a descriptor of a directory can: to read it fails, to sync and measure it does not. */
  @Test
  void aDirectoryIsOpenedForReading() {
    AsyncFile directory = rig.open(folder);
    assertTrue(rig.get(directory.stat()).isDirectory());
    rig.fails(Errno.EISDIR, directory.read(0, 10));
    rig.fails(Errno.EISDIR, rig.io.open(folder, WRITE));
  }
}
