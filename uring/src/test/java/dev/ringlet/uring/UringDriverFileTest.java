package dev.ringlet.uring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@RequiresUring
@Timeout(60)
class UringDriverFileTest {
  private static final int READ_WRITE_CREATE =
      IoRequest.OPEN_READ | IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;

  @TempDir Path folder;

  private final DriverFixture io = DriverFixture.normal();

  @AfterEach
  void close() {
    io.close();
  }

  @Test
  void writesReadsSyncsAndCloses() throws IOException {
    Path path = folder.resolve("data");
    UringHandle file = io.openFile(path);
    IoBuffer text = io.text("0123456789");
    assertEquals(
        6, io.succeed(transferAt(IoOpcode.WRITE, file, text, 2, 6, 4)).result(), "bytes 2 to 7");
    io.succeed(TestRequest.on(file, IoOpcode.DATA_SYNC));

    IoBuffer target = io.buffer(16);
    assertEquals(6, io.succeed(transferAt(IoOpcode.READ, file, target, 1, 15, 4)).result());
    assertEquals('2', target.get(1));
    assertEquals('7', target.get(6));
    assertEquals(0, io.succeed(transferAt(IoOpcode.READ, file, target, 0, 16, 10)).result());
    io.closeHandle(file);
    assertArrayEquals(
        new byte[] {0, 0, 0, 0, '2', '3', '4', '5', '6', '7'}, Files.readAllBytes(path));
  }

  @Test
  void tellsAndSetsTheSize() {
    UringHandle file = io.openFile(folder.resolve("data"));
    assertEquals(0L, io.succeed(TestRequest.on(file, IoOpcode.SIZE)).last().payload());
    io.succeed(TestRequest.truncate(file, 1L << 33));
    TestRequest size = io.succeed(TestRequest.on(file, IoOpcode.SIZE));
    assertEquals(1L << 33, size.last().payload());
    io.succeed(TestRequest.truncate(file, 3));
    assertEquals(3L, io.succeed(TestRequest.on(file, IoOpcode.SIZE)).last().payload());
  }

  @Test
  void openFlagsMeanWhatTheySay() throws IOException {
    Path path = folder.resolve("data");
    assertEquals(-Errno.ENOENT, io.run(TestRequest.open(path, IoRequest.OPEN_READ)).result());

    int createNew = IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE_NEW;
    UringHandle created = io.succeed(TestRequest.open(path, createNew)).handlePayload();
    assertEquals(-Errno.EEXIST, io.run(TestRequest.open(path, createNew)).result());
    IoBuffer text = io.text("text");
    io.succeed(TestRequest.transfer(IoOpcode.WRITE, created, text, 4, 0));
    TestRequest forbidden = io.run(TestRequest.transfer(IoOpcode.READ, created, text, 4, 0));
    assertEquals(-Errno.EBADF, forbidden.result(), "not open for reading");

    UringHandle readOnly = io.succeed(TestRequest.open(path, IoRequest.OPEN_READ)).handlePayload();
    forbidden = io.run(TestRequest.transfer(IoOpcode.WRITE, readOnly, text, 4, 0));
    assertEquals(-Errno.EBADF, forbidden.result(), "not open for writing");

    int truncate = IoRequest.OPEN_WRITE | IoRequest.OPEN_TRUNCATE | IoRequest.OPEN_DATA_SYNC;
    io.succeed(TestRequest.open(path, truncate));
    assertEquals(0, Files.size(path));
    io.succeed(TestRequest.open(path, IoRequest.OPEN_WRITE | IoRequest.OPEN_SYNC));
  }

  @Test
  void oddNamesAreTheSameFilesAsForJava() throws IOException {
    Path path = folder.resolve("a b\tc\u00e4".replace('\u00e4', encodable()));
    Files.writeString(path, "here");
    UringHandle file = io.succeed(TestRequest.open(path, IoRequest.OPEN_READ)).handlePayload();
    assertEquals(4L, io.succeed(TestRequest.on(file, IoOpcode.SIZE)).last().payload());
  }

  /** An umlaut where the JDK can put one into a file name, else a letter. */
  private static char encodable() {
    return System.getProperty("sun.jnu.encoding", "").startsWith("UTF") ? '\u00e4' : 'z';
  }

  @Test
  void pathsThatTheKernelDoesNotKnowAreRefused() throws IOException {
    Path archive = folder.resolve("a.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      TestRequest open = io.run(TestRequest.open(zip.getPath("/inside"), READ_WRITE_CREATE));
      assertEquals(-Errno.EINVAL, open.result());
      assertInstanceOf(UnsupportedOperationException.class, open.last().payload());
    }
  }

  @Test
  void directoriesCannotBeRead() {
    UringHandle directory =
        io.succeed(TestRequest.open(folder, IoRequest.OPEN_READ)).handlePayload();
    TestRequest read = io.run(TestRequest.transfer(IoOpcode.READ, directory, io.buffer(8), 8, 0));
    assertEquals(-Errno.EISDIR, read.result());
  }

  @Test
  void rangesOutsideOfTheBufferNeverReachTheKernel() {
    UringHandle file = io.openFile(folder.resolve("data"));
    IoBuffer buffer = io.buffer(8);
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> io.submit(transferAt(IoOpcode.READ, file, buffer, 4, 5, 0)));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> io.submit(transferAt(IoOpcode.READ, file, buffer, -1, 4, 0)));
    buffer.release();
    assertThrows(
        IllegalStateException.class,
        () -> io.submit(transferAt(IoOpcode.WRITE, file, buffer, 0, 4, 0)));
    IoMemory noAddress = new IoMemory(ByteBuffer.allocateDirect(8), 0);
    IoBuffer foreign = new IoBuffer(noAddress, 0, 8, released -> {}, 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> io.submit(transferAt(IoOpcode.READ, file, foreign, 0, 8, 0)));
    assertEquals(0, io.driver.stats().inFlight());
  }

  @Test
  void memoryThatFilesAreReadIntoIsPinnedUntilItIsGivenUp() throws IOException {
    Path path = folder.resolve("data");
    UringHandle file = io.openFile(path);
    IoBuffer text = io.text("0123456789");
    io.succeed(transferAt(IoOpcode.WRITE, file, text, 2, 5, 0));
    assertEquals("23456", Files.readString(path));
    assertEquals(1, io.driver.memory.count());
    IoBuffer target = io.buffer(4096);
    io.succeed(transferAt(IoOpcode.READ, file, target, 100, 5, 0));
    assertEquals("23456", US_ASCII.decode(target.memory().bytes().slice(100, 5)).toString());
    assertEquals(2, io.driver.memory.count());
    io.driver.free(text.memory());
    IoBuffer next = io.text("new");
    io.succeed(transferAt(IoOpcode.WRITE, file, next, 0, 3, 0));
    assertEquals("new56", Files.readString(path));
    assertEquals(2, io.driver.memory.count());
    io.driver.free(next.memory());
    io.driver.free(target.memory());
    assertEquals(0, io.driver.memory.count());
  }

  @Test
  void directReadsReachAnIdleDiskBeforeTheTurnEnds() throws IOException {
    Path path = Files.write(folder.resolve("data"), new byte[8192]);
    TestRequest open = io.run(TestRequest.open(path, IoRequest.OPEN_READ | IoRequest.OPEN_DIRECT));
    assumeTrue(open.result() >= 0, "no direct I/O on this file system");
    UringHandle file = open.handlePayload();
    long before = io.driver.stats().enters();
    List<TestRequest> reads = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      reads.add(io.submit(TestRequest.transfer(IoOpcode.READ, file, io.buffer(4096), 4096, 0)));
    }
    assertEquals(4, io.driver.stats().enters() - before);
    long end = System.nanoTime() + 60_000_000_000L;
    while (reads.stream().anyMatch(read -> !read.isDone())) {
      io.driver.poll(io::sink); // which submits nothing
      assertTrue(System.nanoTime() - end < 0, "not within a minute");
    }
    assertTrue(reads.stream().allMatch(read -> read.result() == 4096));
  }

  @Test
  void closeWaitsForWritesInFlight() throws IOException {
    Path path = folder.resolve("data");
    UringHandle file = io.openFile(path);
    List<TestRequest> writes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      TestRequest write = TestRequest.transfer(IoOpcode.WRITE, file, io.text("x"), 1, i);
      writes.add(io.submit(write));
    }
    TestRequest close = io.submit(TestRequest.on(file, IoOpcode.CLOSE));
    TestRequest late = io.submit(TestRequest.on(file, IoOpcode.SIZE));
    io.then =
        (request, result, payload, more) -> {
          if (request == close) {
            assertTrue(writes.stream().allMatch(TestRequest::isDone), "closed before the writes");
          }
        };
    io.turnUntil(() -> close.isDone() && late.isDone());
    assertEquals(0, close.result());
    assertTrue(writes.stream().allMatch(write -> write.result() == 1));
    assertEquals(200, Files.size(path));
    assertEquals(-Errno.EBADF, late.result());
    assertEquals(-Errno.EBADF, io.run(TestRequest.on(file, IoOpcode.CLOSE)).result());
  }

  @Test
  void readOfAPipeThatNeverComesEndsWithTheClose() {
    Path pipe = folder.resolve("pipe");
    Syscalls.makePipe(pipe);
    int both = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE;
    UringHandle handle = io.succeed(TestRequest.open(pipe, both)).handlePayload();
    TestRequest read = io.submit(TestRequest.transfer(IoOpcode.READ, handle, io.buffer(8), 8, 0));
    io.turn();
    assertFalse(read.isDone());
    io.closeHandle(handle);
    assertEquals(-Errno.ECANCELED, read.result());
  }

  /** A pipe holds 64 KiB: the driver tells how much it took, and does not try again by itself. */
  @Test
  void shortWritesAndReadsAreReported() {
    Path pipe = folder.resolve("pipe");
    Syscalls.makePipe(pipe);
    int both = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE;
    UringHandle handle = io.succeed(TestRequest.open(pipe, both)).handlePayload();
    int length = 1 << 20;
    TestRequest write = TestRequest.transfer(IoOpcode.WRITE, handle, io.buffer(length), length, 0);
    int written = io.succeed(write).result();
    assertTrue(written > 0 && written < length, () -> "written: " + written);
    TestRequest read = TestRequest.transfer(IoOpcode.READ, handle, io.buffer(length), length, 0);
    assertEquals(written, io.succeed(read).result());
    io.closeHandle(handle);
  }

  @Test
  void handlesOfOtherDriversAreRefused() {
    UringHandle foreign;
    try (DriverFixture other = DriverFixture.normal()) {
      foreign = other.openFile(folder.resolve("data"));
      assertThrows(
          IllegalArgumentException.class, () -> io.submit(TestRequest.on(foreign, IoOpcode.SIZE)));
    }
  }

  @Test
  void requestInFlightCannotBeSubmittedAgain() {
    TestRequest open = io.submit(TestRequest.open(folder.resolve("data"), READ_WRITE_CREATE));
    assertThrows(IllegalStateException.class, () -> io.submit(open));
    io.turnUntil(open::isDone);
    open.completions.clear();
    io.succeed(open);
  }

  private static TestRequest transferAt(
      IoOpcode opcode, UringHandle handle, IoBuffer buffer, int offset, int length, long position) {
    TestRequest request = TestRequest.transfer(opcode, handle, buffer, length, position);
    request.bufferOffset = offset;
    return request;
  }
}
