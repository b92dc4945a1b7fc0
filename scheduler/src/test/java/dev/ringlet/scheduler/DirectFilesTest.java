package dev.ringlet.scheduler;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Files that are opened past the page cache. */
@OnBothDrivers
final class DirectFilesTest {
  private final String driver;
  @TempDir private Path folder;
  private FileRig rig;

  DirectFilesTest(String driver) {
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

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private AsyncFile direct(byte[] content) throws IOException {
    Path path = Files.write(folder.resolve("direct"), content);
    return rig.open(path, READ, WRITE, FileOption.DIRECT);
  }

  private static void refusedFor(int alignment, Executable code) {
    String message = assertThrows(IllegalArgumentException.class, code).getMessage();
    assertTrue(message.contains("multiple of " + alignment), message);
  }

  @Test
  void theAlignmentIsThatOfTheFileSystem() throws IOException {
    AsyncFile direct = direct(random(10));
    int alignment = direct.alignment();
    assertTrue(alignment >= 512 && alignment <= 4096, "alignment: " + alignment);
    assertEquals(1, Integer.bitCount(alignment));
    FileStat stat = rig.get(direct.stat());
    assertEquals(alignment, Math.max(stat.memoryAlignment(), stat.offsetAlignment()));
    assertEquals(1, rig.open(direct.path()).alignment());
  }

  /** Whatever is asked for is what comes, with nothing readable around it. */
  @Test
  void readsOfAnyRangeAreTrimmed() throws IOException {
    byte[] content = random(40_001);
    AsyncFile file = direct(content);
    Random random = new Random(7);
    for (int i = 0; i < 100; i++) {
      int position = random.nextInt(content.length + 1000);
      int length = 1 + random.nextInt(i % 2 == 0 ? 100 : 20_000);
      byte[] expected =
          position >= content.length
              ? new byte[0]
              : Arrays.copyOfRange(content, position, Math.min(content.length, position + length));
      assertArrayEquals(expected, rig.read(file, position, length), position + ", " + length);
    }
    assertArrayEquals(content, rig.read(file, 0, 1 << 21));
  }

  @Test
  void anExactReadBeyondTheEndTellsWhatThereWas() throws IOException {
    AsyncFile file = direct(random(5_000));
    assertEquals(4_998, FileRig.take(rig.get(file.readExactly(2, 4_998))).length);
    IoException failure = rig.failure(file.readExactly(4_999, 3));
    assertEquals(Errno.ENODATA, failure.errno());
    assertTrue(failure.getMessage().contains("1 of 3 bytes from position 4999"), failure::toString);
    failure = rig.failure(file.readExactly(6_000, 3));
    assertTrue(failure.getMessage().contains("0 of 3 bytes from position 6000"), failure::toString);
  }

  @Test
  void alignedWritesAreReadBack() throws IOException {
    AsyncFile file = direct(new byte[0]);
    byte[] data = random(64 * 1024);
    assertEquals(data.length, rig.get(file.write(0, rig.buffer(data))));
    IoBuffer middle = rig.buffer(data).setIndex(8192, 16384);
    assertEquals(8192, rig.get(file.write(data.length, middle)));
    rig.get(file.truncate(data.length + 5));
    byte[] expected = Arrays.copyOf(data, data.length + 5);
    System.arraycopy(data, 8192, expected, data.length, 5);
    assertArrayEquals(expected, Files.readAllBytes(file.path()));
    assertArrayEquals(expected, rig.read(file, 0, 1 << 17));
  }

  @Test
  void writesThatAreNotAlignedAreRefusedWithTheAlignment() throws IOException {
    AsyncFile file = direct(new byte[0]);
    int alignment = file.alignment();
    IoBuffer buffer = rig.buffer(new byte[2 * alignment]);
    refusedFor(alignment, () -> file.write(1, buffer));
    refusedFor(alignment, () -> file.write(0, buffer.setIndex(0, alignment - 1)));
    refusedFor(alignment, () -> file.write(0, buffer.setIndex(1, alignment + 1)));
    refusedFor(alignment, () -> file.write(0, List.of(buffer)));
    assertFalse(buffer.isReleased(), "what is refused is not taken");
    buffer.release();
    assertEquals(0, rig.get(file.size()));
  }

  @Test
  void vectorsKeepToTheAlignment() throws IOException {
    AsyncFile file = direct(new byte[0]);
    byte[] one = random(4096);
    byte[] two = random(8192);
    List<IoBuffer> sources = List.of(rig.buffer(one), rig.buffer(two));
    assertEquals(12_288, rig.get(file.write(4096, sources)));
    List<IoBuffer> targets = List.of(rig.empty(8192), rig.empty(16_384));
    rig.get(file.read(4096, targets));
    assertEquals(8192, targets.get(0).readableBytes());
    assertEquals(4096, targets.get(1).readableBytes());
    assertArrayEquals(one, Arrays.copyOf(targets.get(0).readAll(), 4096));
    targets.forEach(IoBuffer::release);
    IoBuffer begun = rig.buffer(new byte[1]);
    int alignment = file.alignment();
    refusedFor(alignment, () -> file.read(0, List.of(begun)));
    refusedFor(alignment, () -> file.read(5, List.of(begun.setIndex(0, 0))));
    begun.release();
  }

  /** The last vector that is read ends within a block. */
  @Test
  void aVectorEndsWithTheFile() throws IOException {
    byte[] content = random(5_000);
    AsyncFile file = direct(content);
    List<IoBuffer> targets = List.of(rig.empty(4096), rig.empty(4096));
    rig.get(file.read(0, targets));
    assertEquals(4096, targets.get(0).readableBytes());
    assertEquals(904, targets.get(1).readableBytes());
    targets.forEach(IoBuffer::release);
  }

  @Test
  void blocksAreAppended() throws IOException {
    Path path = folder.resolve("log");
    AsyncFile file = rig.open(path, CREATE_NEW, APPEND, FileOption.DIRECT);
    rig.get(file.append(rig.buffer(random(4096))));
    rig.get(file.append(rig.buffer(random(8192))));
    assertEquals(12_288, Files.size(path));
    IoBuffer buffer = rig.buffer(new byte[5]);
    refusedFor(file.alignment(), () -> file.append(buffer));
    buffer.release();
  }

  @Test
  void aTemporaryFileCanBeDirectToo() {
    AsyncFile file = rig.open(folder, FileOption.TEMPORARY, FileOption.DIRECT);
    assertTrue(file.alignment() >= 512);
    byte[] data = random(8192);
    rig.get(file.write(0, rig.buffer(data)));
    assertArrayEquals(Arrays.copyOfRange(data, 100, 300), rig.read(file, 100, 200));
  }

  @Test
  void filesAreNotCopiedPastThePageCache() throws IOException {
    AsyncFile file = direct(random(8192));
    AsyncFile other = rig.open(folder.resolve("other"), CREATE_NEW, WRITE);
    String message =
        assertThrows(IllegalArgumentException.class, () -> file.copyRangeTo(0, other, 0, 4096))
            .getMessage();
    assertTrue(message.contains("DIRECT"), message);
  }

  @Test
  void aFileSystemWithoutDirectIoSaysWhatToDo() {
    IoException failure = rig.failure(rig.io.open(Path.of("/proc/version"), FileOption.DIRECT));
    assertEquals(Errno.EINVAL, failure.errno());
    assertTrue(failure.getMessage().contains("EINVAL"), failure::toString);
    assertTrue(failure.getMessage().contains("without FileOption.DIRECT"), failure::toString);
  }

  @Test
  void aMissingFileIsStillMissing() {
    rig.fails(Errno.ENOENT, rig.io.open(folder.resolve("none"), FileOption.DIRECT));
  }
}
