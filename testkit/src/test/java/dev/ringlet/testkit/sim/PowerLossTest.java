package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a power loss leaves, over many seeds: what must not be lost never is, and all else may. */
final class PowerLossTest {
  private static final int SEEDS = 200;

  /** What comes of a scenario, over all seeds. */
  private static Set<String> outcomes(LongFunction<String> scenario) {
    Set<String> outcomes = new TreeSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      outcomes.add(scenario.apply(seed));
    }
    return outcomes;
  }

  /** One letter for each sector, or a star for one that is of several. */
  private static String sectors(byte[] content) {
    StringBuilder letters = new StringBuilder();
    for (int from = 0; from < content.length; from += StableContent.SECTOR_BYTES) {
      int to = Math.min(content.length, from + StableContent.SECTOR_BYTES);
      byte first = content[from];
      boolean same = true;
      for (int i = from; i < to; i++) {
        same &= content[i] == first;
      }
      letters.append(same ? (first == 0 ? '0' : (char) first) : '*');
    }
    return letters.toString();
  }

  private static byte[] sectors(int count, char letter) {
    return DiskRig.filled(count * StableContent.SECTOR_BYTES, letter);
  }

  @Test
  void whatWasSyncedIsAlwaysThere() {
    for (long seed = 0; seed < SEEDS; seed++) {
      DiskRig rig = new DiskRig(seed);
      rig.keep("/file", sectors(3, 'a'));
      IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
      rig.write(file, 700, sectors(1, 'b'));
      rig.sync(file);
      rig.write(file, 10 * 512, sectors(2, 'c'));
      rig.powerLoss();
      byte[] expected = sectors(3, 'a');
      Arrays.fill(expected, 700, 700 + 512, (byte) 'b');
      assertArrayEquals(expected, Arrays.copyOf(rig.content("/file"), expected.length));
    }
  }

  @Test
  void anUnsyncedAppendIsThereOrNotOrOnlyItsLength() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(1, 'a'));
              rig.write(rig.open("/file", DiskRig.READ_WRITE), 512, sectors(1, 'b'));
              rig.powerLoss();
              return sectors(rig.content("/file"));
            });
    assertEquals(Set.of("a", "ab", "a0"), outcomes);
  }

  @Test
  void writesAreTornAtSectors() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(3, 'a'));
              rig.write(rig.open("/file", DiskRig.READ_WRITE), 0, sectors(3, 'b'));
              rig.powerLoss();
              return sectors(rig.content("/file"));
            });
    assertEquals(Set.of("aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb"), outcomes);
  }

  @Test
  void writesComeToTheDiskInAnyOrderButASectorHasAllUntilThen() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(2, 'a'));
              IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
              rig.write(file, 0, sectors(1, 'b'));
              rig.write(file, 512, sectors(1, 'c'));
              rig.write(file, 0, DiskRig.filled(256, 'd'));
              rig.powerLoss();
              byte[] content = rig.content("/file");
              return "" + (char) content[0] + (char) content[256] + (char) content[512];
            });
    assertEquals(Set.of("aaa", "aac", "bba", "bbc", "dba", "dbc"), outcomes);
  }

  @Test
  void afterACutNothingOfBeforeIsThere() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(2, 'a'));
              IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
              rig.truncate(file, 0);
              rig.write(file, 0, sectors(1, 'b'));
              rig.powerLoss();
              return sectors(rig.content("/file"));
            });
    assertEquals(Set.of("aa", "", "b", "0"), outcomes);
  }

  @Test
  void aCutIsThereOrNotWhateverWasWrittenBefore() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(2, 'a'));
              IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
              rig.write(file, 0, sectors(1, 'b'));
              rig.truncate(file, 512);
              rig.powerLoss();
              return sectors(rig.content("/file"));
            });
    assertEquals(Set.of("aa", "ba", "a", "b"), outcomes);
  }

  @Test
  void aRangeSyncPromisesNothing() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(1, 'a'));
              IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
              rig.write(file, 0, sectors(1, 'b'));
              DiskRig.Request range = rig.on(file, IoOpcode.SYNC_RANGE);
              range.length = 512;
              rig.succeed(range);
              rig.powerLoss();
              return sectors(rig.content("/file"));
            });
    assertEquals(Set.of("a", "b"), outcomes);
  }

  @Test
  void aWriteThatSyncsItselfKeepsItselfAndNothingElse() {
    for (int flag : new int[] {IoRequest.OPEN_DATA_SYNC, IoRequest.OPEN_SYNC}) {
      Set<String> outcomes =
          outcomes(
              seed -> {
                DiskRig rig = new DiskRig(seed);
                rig.keep("/file", sectors(1, 'a'));
                rig.write(rig.open("/file", DiskRig.READ_WRITE), 0, sectors(1, 'b'));
                rig.write(rig.open("/file", DiskRig.READ_WRITE | flag), 512, sectors(1, 'c'));
                rig.powerLoss();
                return sectors(rig.content("/file"));
              });
      assertEquals(Set.of("ac", "bc"), outcomes);
    }
  }

  @Test
  void aWriteThatSyncsItselfIsTornWhileItIsUnderWay() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(2, 'a'));
              IoHandle file = rig.open("/file", DiskRig.READ_WRITE | IoRequest.OPEN_DATA_SYNC);
              DiskRig.Request write = rig.submit(rig.writing(file, 0, sectors(2, 'b')));
              rig.step();
              assertFalse(write.isFinished());
              rig.powerLoss();
              return sectors(rig.content("/file"));
            });
    assertEquals(Set.of("aa", "ab", "ba", "bb"), outcomes);
  }

  /** Who does not wait for the write before the sync may lose it, though both have completed. */
  @Test
  void aSyncKeepsOnlyWhatCameBeforeIt() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", sectors(1, 'a'));
              IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
              DiskRig.Request write = rig.submit(rig.writing(file, 0, sectors(1, 'b')));
              DiskRig.Request sync = rig.submit(rig.on(file, IoOpcode.DATA_SYNC));
              boolean writtenBefore = false;
              while (!write.isFinished() || !sync.isFinished()) {
                writtenBefore |= write.isFinished() && !sync.isFinished();
                rig.step();
              }
              rig.powerLoss();
              return sectors(rig.content("/file")) + (writtenBefore ? " before" : " after");
            });
    assertEquals(Set.of("a before", "b before", "a after", "b after"), outcomes);
  }

  @Test
  void whatAFailedSyncHasLostNoLaterSyncBringsBack() {
    DiskRig rig = new DiskRig(1);
    rig.keep("/file", sectors(1, 'a'));
    IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
    rig.write(file, 0, sectors(2, 'b'));
    rig.refuse(rig.on(file, IoOpcode.DATA_SYNC));
    rig.sync(file);
    assertEquals("bb", sectors(rig.content("/file")), "as programs see it");
    rig.powerLoss();
    assertEquals("a0", sectors(rig.content("/file")));
  }

  /** The kernel writes pages, with all that is in them. */
  @Test
  void aWriteToThePageBringsBackWhatAFailedSyncHasLost() {
    DiskRig rig = new DiskRig(1);
    rig.keep("/file", new byte[2 * Content.PAGE_BYTES]);
    IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
    rig.write(file, Content.PAGE_BYTES - 512, sectors(2, 'b'));
    rig.refuse(rig.on(file, IoOpcode.DATA_SYNC));
    rig.sync(file);
    rig.write(file, 0, sectors(1, 'c'));
    rig.sync(file);
    rig.powerLoss();
    assertEquals("c000000b00000000", sectors(rig.content("/file")));
  }

  @Test
  void whatWasLostAndThenTakenAwayDoesNotComeBack() {
    DiskRig rig = new DiskRig(1);
    rig.keep("/file", sectors(1, 'a'));
    IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
    rig.write(file, 512, sectors(5, 'b'));
    rig.refuse(rig.on(file, IoOpcode.DATA_SYNC));
    rig.truncate(file, 3 * 512);
    DiskRig.Request punch = rig.on(file, IoOpcode.ALLOCATE);
    punch.flags = IoRequest.ALLOCATE_PUNCH_HOLE;
    punch.position = 512;
    punch.count = 512;
    rig.succeed(punch);
    rig.sync(file);
    rig.write(file, 4 * 512, sectors(1, 'c'));
    rig.sync(file);
    rig.powerLoss();
    assertEquals("a0b0c", sectors(rig.content("/file")));
  }

  @Test
  void aRenameIsThereAsAWholeOrNotAtAll() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/old", DiskRig.bytes("old"));
              rig.keep("/new", DiskRig.bytes("new"));
              rig.rename("/new", "/old");
              rig.powerLoss();
              return rig.text("/old") + (rig.exists("/new") ? " " + rig.text("/new") : "");
            });
    assertEquals(Set.of("old new", "new"), outcomes);
  }

  /** The mistake that is made most: the name is durable, and what it names is not. */
  @Test
  void aRenameOfAnUnsyncedFileMayComeBeforeItsContent() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/old", DiskRig.bytes("old"));
              rig.write(rig.open("/new", DiskRig.CREATE), 0, DiskRig.bytes("new"));
              rig.rename("/new", "/old");
              rig.syncDirectory("/");
              rig.powerLoss();
              return rig.text("/old").replace('\0', '0');
            });
    assertEquals(Set.of("", "new", "000"), outcomes);
  }

  @Test
  void namesAreKeptByASyncOfTheirDirectoryOnly() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.sync(rig.open("/unsynced", DiskRig.CREATE));
              rig.powerLoss();
              return rig.exists("/unsynced") ? "there" : "lost";
            });
    assertEquals(Set.of("there", "lost"), outcomes);
    for (long seed = 0; seed < SEEDS; seed++) {
      DiskRig rig = new DiskRig(seed);
      rig.keep("/synced", DiskRig.bytes("x"));
      rig.powerLoss();
      assertTrue(rig.exists("/synced"));
    }
  }

  @Test
  void aSyncOfADirectoryKeepsOnlyWhatCameBeforeIt() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              IoHandle root = rig.open("/", IoRequest.OPEN_READ);
              DiskRig.Request make = rig.submit(makeDirectory(rig, "/made"));
              DiskRig.Request sync = rig.submit(rig.on(root, IoOpcode.SYNC));
              while (!make.isFinished() || !sync.isFinished()) {
                rig.step();
              }
              rig.powerLoss();
              return names(rig, "/");
            });
    assertEquals(Set.of("", "made"), outcomes);
  }

  @Test
  void whatIsInMemoryOnlyIsGone() {
    DiskRig rig = new DiskRig(1);
    rig.keep("/dev/shm/file", DiskRig.bytes("x"));
    rig.powerLoss();
    assertEquals("", names(rig, "/dev/shm"));
  }

  @Test
  void changesOfDifferentNamesAreKeptIndependently() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.open("/a", DiskRig.CREATE);
              rig.open("/b", DiskRig.CREATE);
              rig.rename("/a", "/c");
              rig.powerLoss();
              return names(rig, "/");
            });
    assertEquals(Set.of("", "a", "a b", "b", "b c", "c"), outcomes);
  }

  private static String names(DiskRig rig, String directory) {
    try (Stream<Path> paths = Files.list(rig.world.path(directory))) {
      return String.join(
          " ",
          paths.map(path -> path.getFileName().toString()).filter(n -> !n.equals("dev")).toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** However names move: what was synced is somewhere, once for each name that was kept. */
  @Test
  void aSyncedFileIsNeverLostByRenamesOfItselfAndItsDirectories() {
    for (long seed = 0; seed < SEEDS; seed++) {
      DiskRig rig = new DiskRig(seed);
      for (String directory : new String[] {"/a", "/b", "/a/c"}) {
        rig.succeed(makeDirectory(rig, directory));
      }
      rig.keep("/a/c/file", DiskRig.bytes("kept"));
      rig.syncDirectory("/a");
      rig.syncDirectory("/");
      rig.rename("/a/c", "/b/c");
      rig.rename("/a", "/b/c/a");
      rig.rename("/b/c/file", "/b/c/a/file");
      rig.powerLoss();
      assertEquals(1, count(rig, "file"), "of seed " + seed);
    }
  }

  @Test
  void aFileThatGetsAnotherNameBeforeItLosesItsOwnIsNeverLost() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/one", DiskRig.bytes("kept"));
              rig.succeed(rig.onPaths(IoOpcode.LINK, "/one", "/two"));
              rig.succeed(rig.onPath(IoOpcode.UNLINK, "/one"));
              rig.powerLoss();
              return names(rig, "/");
            });
    assertEquals(Set.of("one", "one two", "two"), outcomes);
  }

  @Test
  void aSyncOfADirectoryTakesAlongWhatItsNamesAreBuiltUpon() {
    for (long seed = 0; seed < SEEDS; seed++) {
      DiskRig rig = new DiskRig(seed);
      rig.succeed(makeDirectory(rig, "/a"));
      rig.succeed(makeDirectory(rig, "/b"));
      rig.syncDirectory("/");
      rig.close(rig.open("/a/file", DiskRig.CREATE));
      rig.rename("/a/file", "/b/file");
      rig.syncDirectory("/b");
      rig.powerLoss();
      assertEquals(" file", names(rig, "/a") + " " + names(rig, "/b"), "of seed " + seed);
    }
  }

  /** One is moved out of the other, and the other into it: without the first both are gone. */
  @Test
  void aSyncedMoveOfADirectoryTakesAlongTheMovesBeforeIt() {
    for (long seed = 0; seed < SEEDS; seed++) {
      DiskRig rig = new DiskRig(seed);
      rig.succeed(makeDirectory(rig, "/outer"));
      rig.succeed(makeDirectory(rig, "/outer/inner"));
      rig.syncDirectory("/outer");
      rig.syncDirectory("/");
      rig.rename("/outer/inner", "/inner");
      rig.rename("/outer", "/inner/outer");
      rig.syncDirectory("/inner");
      rig.powerLoss();
      assertTrue(rig.exists("/inner/outer"), "of seed " + seed);
    }
  }

  @Test
  void linksAreCountedAgainAndLocksAreGone() {
    DiskRig rig = new DiskRig(1);
    long free = rig.world.disk().freeBytes();
    rig.keep("/one", DiskRig.bytes("x"));
    rig.succeed(rig.onPaths(IoOpcode.LINK, "/one", "/two"));
    rig.syncDirectory("/");
    DiskRig.Request lock = rig.on(rig.open("/one", DiskRig.READ_WRITE), IoOpcode.LOCK);
    lock.flags = IoRequest.LOCK_EXCLUSIVE;
    assertEquals(1, rig.run(lock));
    rig.powerLoss();
    lock = rig.on(rig.open("/two", DiskRig.READ_WRITE), IoOpcode.LOCK);
    lock.flags = IoRequest.LOCK_EXCLUSIVE;
    assertEquals(1, rig.run(lock));
    rig.close(lock.handle);
    rig.succeed(rig.onPath(IoOpcode.UNLINK, "/one"));
    assertTrue(rig.world.disk().freeBytes() < free, "has a name");
    rig.succeed(rig.onPath(IoOpcode.UNLINK, "/two"));
    assertEquals(free, rig.world.disk().freeBytes());
  }

  private static DiskRig.Request makeDirectory(DiskRig rig, String path) {
    DiskRig.Request request = rig.onPath(IoOpcode.MAKE_DIRECTORY, path);
    request.length = 0777;
    return request;
  }

  private static long count(DiskRig rig, String name) {
    try (Stream<Path> paths = Files.walk(rig.world.path("/"))) {
      return paths.filter(path -> path.endsWith(name)).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRemovedFileMayBeThereAgain() {
    Set<String> outcomes =
        outcomes(
            seed -> {
              DiskRig rig = new DiskRig(seed);
              rig.keep("/file", DiskRig.bytes("x"));
              rig.succeed(rig.onPath(IoOpcode.UNLINK, "/file"));
              rig.powerLoss();
              return rig.exists("/file") ? rig.text("/file") : "gone";
            });
    assertEquals(Set.of("x", "gone"), outcomes);
  }

  /** A page cache is of the machine. */
  @Test
  void theEndOfAProcessLosesNothingThatWasWritten() {
    DiskRig rig = new DiskRig(1);
    IoHandle file = rig.open("/file", DiskRig.CREATE);
    rig.write(file, 0, DiskRig.bytes("written"));
    DiskRig.Request late = rig.writing(file, 0, DiskRig.bytes("W"));
    rig.submit(late);
    rig.kill();
    assertEquals("written", rig.text("/file"));
    assertFalse(late.isFinished());
  }

  @Test
  void whatTheKernelHadBegunIsNotDoneAfterThePowerLoss() {
    for (long seed = 0; seed < SEEDS; seed++) {
      DiskRig rig = new DiskRig(seed);
      rig.keep("/file", sectors(1, 'a'));
      IoHandle file = rig.open("/file", DiskRig.READ_WRITE);
      rig.submit(rig.writing(file, 0, sectors(1, 'b')));
      rig.submit(rig.onPath(IoOpcode.UNLINK, "/file"));
      rig.start();
      rig.powerLoss();
      while (rig.step()) {
        assertEquals("a", sectors(rig.content("/file")));
      }
    }
  }

  @Test
  void whatWasOpenBeforeIsOfNoUseAfter() throws IOException {
    DiskRig rig = new DiskRig(1);
    rig.keep("/file", sectors(1, 'a'));
    try (FileChannel channel =
        FileChannel.open(rig.world.path("/file"), StandardOpenOption.WRITE)) {
      rig.powerLoss();
      ByteBuffer bytes = ByteBuffer.wrap(DiskRig.bytes("b"));
      assertThrows(ClosedChannelException.class, () -> channel.write(bytes, 0));
    }
    assertEquals("a", sectors(rig.content("/file")));
  }

  @Test
  void theSameSeedLeavesTheSame() {
    LongFunction<String> scenario =
        seed -> {
          DiskRig rig = new DiskRig(seed);
          SimRandom random = new SimRandom(seed, "scenario");
          IoHandle file = rig.open("/file", DiskRig.CREATE);
          for (int i = 0; i < 20; i++) {
            char letter = (char) ('a' + i);
            rig.write(file, 512L * random.index(20), sectors(1 + random.index(4), letter));
            rig.open("/" + letter, DiskRig.CREATE);
          }
          rig.syncDirectory("/");
          rig.rename("/a", "/b");
          rig.rename("/c", "/d");
          rig.powerLoss();
          return names(rig, "/") + " " + sectors(rig.content("/file")) + rig.world.trace().hash();
        };
    Set<String> first = outcomes(scenario);
    assertEquals(first, outcomes(scenario));
    assertTrue(first.size() > SEEDS / 2, "seeds differ");
  }
}
