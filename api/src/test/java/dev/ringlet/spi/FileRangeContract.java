package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.FileStat;
import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Vectors, appends, ranges and blocks of files. */
interface FileRangeContract extends FileContract {
  /** The operations on blocks are there, or refused with the reason. */
  default boolean refusesBlocks() {
    return rig().driver.name().equals("nio");
  }

  default void assertRefused(TestRequest request) {
    rig().fails(Errno.EOPNOTSUPP, request);
    Throwable reason = assertInstanceOf(Throwable.class, request.last().payload());
    assertTrue(reason.getMessage().contains("io_uring"), reason::toString);
  }

  @Test
  default void readsIntoTheWritablePartsOfSeveralBuffers() throws IOException {
    IoHandle file = open(file(Bytes.of("0123456789")), READ);
    IoBuffer first = rig().buffer(4).write(Bytes.of("ab"));
    IoBuffer second = rig().buffer(3);
    IoBuffer third = rig().buffer(9);
    TestRequest read =
        TestRequest.vector(IoOpcode.READ_VECTOR, file, 1, 0, 14, first, second, third);
    assertEquals(9, rig().run(read));
    assertEquals(2, first.writerIndex(), "indices are not moved");
    assertArrayEquals(Bytes.of("ab12"), first.setIndex(0, 4).readAll());
    assertArrayEquals(Bytes.of("345"), second.setIndex(0, 3).readAll());
    assertArrayEquals(Bytes.of("6789"), third.setIndex(0, 4).readAll());
    assertEquals(0, rig().run(TestRequest.vector(IoOpcode.READ_VECTOR, file, 10, 0, 1, third)));
  }

  @Test
  default void writesTheReadablePartsOfSeveralBuffers() throws IOException {
    Path path = file(Bytes.of("...."));
    IoHandle file = open(path, WRITE);
    IoBuffer first = rig().buffer(Bytes.of("xab")).skip(1);
    IoBuffer empty = rig().buffer(5);
    IoBuffer last = rig().buffer(Bytes.of("cde"));
    TestRequest write =
        TestRequest.vector(IoOpcode.WRITE_VECTOR, file, 2, 0, 5, first, empty, last);
    assertEquals(5, rig().run(write));
    assertArrayEquals(Bytes.of("..abcde"), Files.readAllBytes(path));
  }

  /** As after a short transfer: goes on from within a buffer, and stops within one. */
  @Test
  default void aVectorBeginsAndEndsWithinItsBuffers() throws IOException {
    Path path = file(Bytes.of("0123456789"));
    IoHandle file = open(path, READ | WRITE);
    IoBuffer[] sources = {rig().buffer(Bytes.of("abcd")), rig().buffer(Bytes.of("efgh"))};
    assertEquals(4, rig().run(TestRequest.vector(IoOpcode.WRITE_VECTOR, file, 0, 3, 4, sources)));
    assertArrayEquals(Bytes.of("defg456789"), Files.readAllBytes(path));
    IoBuffer[] targets = {rig().buffer(3), rig().buffer(3), rig().buffer(3)};
    assertEquals(3, rig().run(TestRequest.vector(IoOpcode.READ_VECTOR, file, 4, 4, 3, targets)));
    assertArrayEquals(new byte[] {0, '4', '5'}, targets[1].setIndex(0, 3).readAll());
    assertArrayEquals(new byte[] {'6', 0, 0}, targets[2].setIndex(0, 3).readAll());
  }

  @Test
  default void vectorsBeyondTheirBuffersNeverReachTheKernel() throws IOException {
    IoHandle file = open(file(new byte[9]), READ);
    IoBuffer buffer = rig().buffer(4);
    TestRequest tooLong = TestRequest.vector(IoOpcode.READ_VECTOR, file, 0, 0, 5, buffer);
    assertThrows(IndexOutOfBoundsException.class, () -> rig().driver.submit(tooLong));
    TestRequest tooFar = TestRequest.vector(IoOpcode.READ_VECTOR, file, 0, 2, 3, buffer);
    assertThrows(IndexOutOfBoundsException.class, () -> rig().driver.submit(tooFar));
    TestRequest before = TestRequest.vector(IoOpcode.READ_VECTOR, file, 0, -1, 3, buffer);
    assertThrows(IndexOutOfBoundsException.class, () -> rig().driver.submit(before));
    buffer.release();
    TestRequest released = TestRequest.vector(IoOpcode.READ_VECTOR, file, 0, 0, 1, buffer);
    assertThrows(IllegalStateException.class, () -> rig().driver.submit(released));
  }

  @Test
  default void vectorsKeepToWhatTheFileWasOpenedFor() throws IOException {
    Path path = file(new byte[4]);
    IoBuffer buffer = rig().buffer(new byte[1]);
    IoHandle reads = open(path, READ);
    rig().fails(Errno.EBADF, TestRequest.vector(IoOpcode.WRITE_VECTOR, reads, 0, 0, 1, buffer));
    IoHandle writes = open(path, WRITE);
    rig()
        .fails(
            Errno.EBADF,
            TestRequest.vector(IoOpcode.READ_VECTOR, writes, 0, 0, 1, rig().buffer(1)));
  }

  @Test
  default void appendsGoToTheEndWhereverItIs() throws IOException {
    Path path = file(Bytes.of("ab"));
    IoHandle file = open(path, WRITE | IoRequest.OPEN_APPEND);
    assertEquals(2, rig().run(TestRequest.write(file, 0, rig().buffer(Bytes.of("cd")))));
    IoHandle other = open(path, WRITE);
    assertEquals(1, rig().run(TestRequest.write(other, 4, rig().buffer(Bytes.of("e")))));
    IoBuffer[] vector = {rig().buffer(Bytes.of("f")), rig().buffer(Bytes.of("gh"))};
    assertEquals(3, rig().run(TestRequest.vector(IoOpcode.WRITE_VECTOR, file, 0, 0, 3, vector)));
    assertArrayEquals(Bytes.of("abcdefgh"), Files.readAllBytes(path));
  }

  @Test
  default void aTemporaryFileHasNoNameAndIsGoneWithItsHandle() throws IOException {
    int flags = READ | WRITE | IoRequest.OPEN_TEMPORARY;
    IoHandle file = open(directory(), flags);
    writeAll(file, Bytes.of("content"));
    assertArrayEquals(Bytes.of("content"), readAll(file, 7));
    try (var names = Files.list(directory())) {
      assertEquals(0, names.count());
    }
    rig().fails(Errno.ENOENT, TestRequest.open(directory().resolve("none"), flags));
    rig().fails(Errno.ENOTDIR, TestRequest.open(file(new byte[0]), flags));
  }

  @Test
  default void syncsDataMetadataAndRanges() throws IOException {
    IoHandle file = open(file(new byte[0]), WRITE);
    writeAll(file, Bytes.random(10_000));
    assertEquals(0, rig().run(TestRequest.syncRange(file, 0, 5_000)));
    assertEquals(0, rig().run(TestRequest.syncRange(file, 1L << 40, 1)));
    assertEquals(0, rig().run(TestRequest.sync(file)));
  }

  @Test
  default void syncsADirectory() {
    assertEquals(0, rig().run(TestRequest.sync(open(directory(), READ))));
  }

  @Test
  default void allocationGrowsTheFileOrKeepsItsSize() throws IOException {
    IoHandle file = open(file(Bytes.of("abc")), READ | WRITE);
    TestRequest keeping = TestRequest.allocate(file, 0, 100_000, IoRequest.ALLOCATE_KEEP_SIZE);
    TestRequest growing = TestRequest.allocate(file, 1L << 32, 100_000, 0);
    if (refusesBlocks()) {
      assertRefused(keeping);
      assertRefused(growing);
      return;
    }
    assertEquals(0, rig().run(keeping));
    FileStat stat = rig().payload(FileStat.class, TestRequest.stat(file));
    assertEquals(3, stat.size());
    assertTrue(stat.allocatedBytes() >= 100_000, stat::toString);
    assertEquals(0, rig().run(growing));
    stat = rig().payload(FileStat.class, TestRequest.stat(file));
    assertEquals((1L << 32) + 100_000, stat.size());
    assertTrue(stat.allocatedBytes() < 1 << 20, "has a hole: " + stat);
    rig().fails(Errno.EINVAL, TestRequest.allocate(file, -1, 5, 0));
    rig().fails(Errno.EFBIG, TestRequest.allocate(file, 1L << 60, 5, 0));
  }

  @Test
  default void aHoleReadsAsZerosAndKeepsTheSize() throws IOException {
    int size = 1 << 20;
    Path path = file(Bytes.random(size));
    IoHandle file = open(path, READ | WRITE);
    TestRequest punch =
        TestRequest.allocate(file, 4096, size - 8192, IoRequest.ALLOCATE_PUNCH_HOLE);
    if (refusesBlocks()) {
      assertRefused(punch);
      return;
    }
    assertEquals(0, rig().run(TestRequest.sync(file)));
    long before = rig().payload(FileStat.class, TestRequest.stat(file)).allocatedBytes();
    assertEquals(0, rig().run(punch));
    FileStat stat = rig().payload(FileStat.class, TestRequest.stat(file));
    assertEquals(size, stat.size());
    assertTrue(stat.allocatedBytes() <= before - (size - 16384), before + " before, " + stat);
    byte[] content = Files.readAllBytes(path);
    for (int i = 4096; i < size - 4096; i++) {
      assertEquals(0, content[i]);
    }
  }

  @Test
  default void aFullDeviceSaysSo() {
    IoHandle full = open(Path.of("/dev/full"), WRITE);
    rig().fails(Errno.ENOSPC, TestRequest.write(full, 0, rig().buffer(new byte[10])));
    IoBuffer[] vector = {rig().buffer(new byte[4]), rig().buffer(new byte[4])};
    rig().fails(Errno.ENOSPC, TestRequest.vector(IoOpcode.WRITE_VECTOR, full, 0, 0, 8, vector));
  }
}
