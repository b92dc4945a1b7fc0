package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Opening, reading, writing and measuring files. */
interface FileContract extends DriverContractPart {
  int READ = IoRequest.OPEN_READ;
  int WRITE = IoRequest.OPEN_WRITE;
  int CREATE = IoRequest.OPEN_CREATE;

  default Path file(byte[] content) throws IOException {
    return Files.write(directory().resolve("file"), content);
  }

  default IoHandle open(Path path, int flags) {
    return rig().handle(TestRequest.open(path, flags));
  }

  @Test
  default void openingAMissingFileFails() {
    rig().fails(Errno.ENOENT, TestRequest.open(directory().resolve("none"), READ));
  }

  @Test
  default void openingBelowAFileFails() throws IOException {
    Path path = file(new byte[1]).resolve("below");
    rig().fails(Errno.ENOTDIR, TestRequest.open(path, READ));
  }

  @Test
  default void creatingANewFileFailsIfItIsThere() throws IOException {
    int flags = WRITE | IoRequest.OPEN_CREATE_NEW;
    Path path = file(new byte[1]);
    rig().fails(Errno.EEXIST, TestRequest.open(path, flags));
    open(directory().resolve("new"), flags);
    assertTrue(Files.exists(directory().resolve("new")));
  }

  @Test
  default void openingADirectoryForWritingFails() {
    rig().fails(Errno.EISDIR, TestRequest.open(directory(), WRITE));
  }

  @Test
  default void readingADirectoryFails() {
    IoHandle handle = open(directory(), READ);
    rig().fails(Errno.EISDIR, TestRequest.read(handle, 0, rig().buffer(16)));
  }

  @Test
  default void creatingKeepsAndTruncatingDropsTheContent() throws IOException {
    Path path = file(new byte[5]);
    open(path, WRITE | CREATE);
    assertEquals(5, Files.size(path));
    open(path, WRITE | IoRequest.OPEN_TRUNCATE);
    assertEquals(0, Files.size(path));
  }

  @Test
  default void readsWhatWasWritten() {
    byte[] content = Bytes.random(100_000);
    IoHandle file = open(directory().resolve("file"), READ | WRITE | CREATE);
    writeAll(file, content);
    assertArrayEquals(content, readAll(file, content.length));
  }

  /** Goes on after short writes, as every user of a driver must. */
  default void writeAll(IoHandle file, byte[] content) {
    IoBuffer buffer = rig().buffer(content);
    int done = 0;
    while (done < content.length) {
      int left = content.length - done;
      int result = rig().run(TestRequest.transfer(IoOpcode.WRITE, file, done, buffer, done, left));
      assertTrue(result > 0 && result <= left, "result of a write: " + result);
      done += result;
    }
  }

  default byte[] readAll(IoHandle file, int count) {
    IoBuffer buffer = rig().buffer(count);
    int done = 0;
    while (done < count) {
      int left = count - done;
      int result = rig().run(TestRequest.transfer(IoOpcode.READ, file, done, buffer, done, left));
      assertTrue(result > 0 && result <= left, "result of a read: " + result);
      done += result;
    }
    return buffer.setIndex(0, count).readAll();
  }

  @Test
  default void readsIntoAndWritesFromTheMiddleOfABuffer() throws IOException {
    Path path = file(Bytes.of("0123456789"));
    IoHandle file = open(path, READ | WRITE);
    IoBuffer buffer = rig().buffer(Bytes.of("abcdefghij"));
    assertEquals(3, rig().run(TestRequest.transfer(IoOpcode.READ, file, 4, buffer, 2, 3)));
    assertEquals(0, buffer.readerIndex());
    assertArrayEquals(Bytes.of("ab456fghij"), buffer.readAll());
    assertEquals(2, rig().run(TestRequest.transfer(IoOpcode.WRITE, file, 8, buffer, 5, 2)));
    assertArrayEquals(Bytes.of("01234567fg"), Files.readAllBytes(path));
  }

  @Test
  default void usesABufferThatDoesNotBeginItsMemory() throws IOException {
    IoHandle file = open(file(Bytes.of("abc")), READ);
    IoMemory memory = rig().driver.allocate(16);
    IoBuffer buffer = new IoBuffer(memory, 8, 8, unused -> {}, 0);
    assertEquals(3, rig().run(TestRequest.read(file, 0, buffer)));
    byte[] expected = new byte[16];
    System.arraycopy(Bytes.of("abc"), 0, expected, 8, 3);
    byte[] found = new byte[16];
    memory.bytes().get(0, found);
    assertArrayEquals(expected, found);
  }

  @Test
  default void readingStopsAtTheEnd() throws IOException {
    IoHandle file = open(file(Bytes.of("abcdef")), READ);
    IoBuffer buffer = rig().buffer(16);
    assertEquals(2, rig().run(TestRequest.read(file, 4, buffer)));
    assertEquals(0, rig().run(TestRequest.read(file, 6, buffer)));
    assertEquals(0, rig().run(TestRequest.read(file, 1_000_000, buffer)));
  }

  @Test
  default void writingPastTheEndLeavesZeros() throws IOException {
    Path path = file(Bytes.of("ab"));
    IoHandle file = open(path, WRITE);
    assertEquals(2, rig().run(TestRequest.write(file, 5, rig().buffer(Bytes.of("yz")))));
    assertArrayEquals(new byte[] {'a', 'b', 0, 0, 0, 'y', 'z'}, Files.readAllBytes(path));
  }

  @Test
  default void writingToAFileOpenedForReadingFails() throws IOException {
    IoHandle file = open(file(new byte[4]), READ);
    rig().fails(Errno.EBADF, TestRequest.write(file, 0, rig().buffer(new byte[1])));
  }

  @Test
  default void readingAFileOpenedForWritingFails() throws IOException {
    IoHandle file = open(file(new byte[4]), WRITE);
    rig().fails(Errno.EBADF, TestRequest.read(file, 0, rig().buffer(1)));
  }

  @Test
  default void aNegativePositionFails() throws IOException {
    IoHandle file = open(file(new byte[4]), READ | WRITE);
    rig().fails(Errno.EINVAL, TestRequest.truncate(file, -5));
    rig().fails(Errno.EINVAL, TestRequest.read(file, -5, rig().buffer(1)));
  }

  @Test
  default void tellsAndSetsTheSize() throws IOException {
    Path path = file(Bytes.of("abcdef"));
    IoHandle file = open(path, READ | WRITE);
    assertEquals(6L, rig().payload(Long.class, TestRequest.size(file)));
    assertEquals(0, rig().run(TestRequest.truncate(file, 3)));
    assertEquals(3L, rig().payload(Long.class, TestRequest.size(file)));
    assertEquals(0, rig().run(TestRequest.truncate(file, 8)));
    assertEquals(8L, rig().payload(Long.class, TestRequest.size(file)));
    assertArrayEquals(Arrays.copyOf(Bytes.of("abc"), 8), Files.readAllBytes(path));
    assertEquals(0, rig().run(TestRequest.truncate(file, 8)));
    assertEquals(0, rig().run(TestRequest.truncate(file, 0)));
    assertEquals(0, Files.size(path));
  }

  @Test
  default void tellsSizesBeyondFourGigabytes() throws IOException {
    long size = (5L << 30) + 1;
    IoHandle file = open(file(new byte[0]), READ | WRITE);
    assertEquals(0, rig().run(TestRequest.truncate(file, size)));
    assertEquals(size, rig().payload(Long.class, TestRequest.size(file)));
    assertEquals(1, rig().run(TestRequest.write(file, size, rig().buffer(new byte[] {7}))));
    IoBuffer buffer = rig().buffer(2);
    assertEquals(2, rig().run(TestRequest.read(file, size - 1, buffer)));
    assertEquals(7, buffer.get(1));
    assertEquals(0, rig().run(TestRequest.truncate(file, 0)));
  }

  @Test
  default void syncsData() throws IOException {
    IoHandle file = open(file(new byte[0]), WRITE);
    writeAll(file, Bytes.random(10_000));
    assertEquals(0, rig().run(TestRequest.dataSync(file)));
  }

  @Test
  default void writesToFilesThatSyncThemselves() throws IOException {
    Path path = file(new byte[0]);
    IoHandle dataSync = open(path, WRITE | IoRequest.OPEN_DATA_SYNC);
    assertEquals(3, rig().run(TestRequest.write(dataSync, 0, rig().buffer(Bytes.of("abc")))));
    IoHandle sync = open(path, WRITE | IoRequest.OPEN_SYNC);
    assertEquals(3, rig().run(TestRequest.write(sync, 3, rig().buffer(Bytes.of("def")))));
    assertArrayEquals(Bytes.of("abcdef"), Files.readAllBytes(path));
  }

  /** More than the submission ring, the completion ring and any pool of threads can hold. */
  @Test
  default void manyRequestsAreInFlightAtOnce() throws IOException {
    int count = 3 * DriverRig.COMPLETION_ENTRIES;
    int size = 16;
    byte[] content = Bytes.random(count * size);
    Path path = file(new byte[0]);
    IoHandle file = open(path, WRITE);
    IoBuffer buffer = rig().buffer(content);
    List<TestRequest> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i * size;
      writes.add(rig().submit(TestRequest.transfer(IoOpcode.WRITE, file, at, buffer, at, size)));
    }
    for (TestRequest write : writes) {
      assertEquals(size, rig().await(write).last().result());
    }
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void opensFilesWithUnusualNames() throws IOException {
    Path path = Files.write(directory().resolve("with space & %41\n"), Bytes.of("x"));
    IoHandle file = open(path, READ);
    assertEquals(1L, rig().payload(Long.class, TestRequest.size(file)));
  }

  @Test
  default void opensARelativePath() throws IOException {
    Path here = directory().getFileSystem().getPath("").toAbsolutePath();
    Path relative = here.relativize(file(Bytes.of("xy")).toAbsolutePath());
    IoHandle file = open(relative, READ);
    assertEquals(2L, rig().payload(Long.class, TestRequest.size(file)));
  }
}
