package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract of drivers does not ask of a disk: its room, and how it takes buffers. */
final class SimDiskTest {
  private static final int PAGE = Content.PAGE_BYTES;

  private final DiskRig rig = new DiskRig(1);

  @Test
  void aFullDiskTakesWhatFitsAndThenNothing() {
    rig.world.disk().capacity(3L * PAGE);
    IoHandle file = rig.open("/file", DiskRig.CREATE);
    byte[] bytes = DiskRig.filled(4 * PAGE, 'a');
    assertEquals(3 * PAGE - 100, rig.run(rig.writing(file, 100, bytes)), "what fits");
    assertEquals(-Errno.ENOSPC, rig.run(rig.writing(file, 3 * PAGE, bytes)));
    assertEquals(PAGE, rig.run(rig.writing(file, 0, DiskRig.filled(PAGE, 'b'))), "has its room");
    IoHandle other = rig.open("/other", DiskRig.CREATE);
    assertEquals(-Errno.ENOSPC, rig.run(rig.writing(other, 0, new byte[] {1})));
    DiskRig.Request allocate = rig.on(other, IoOpcode.ALLOCATE);
    allocate.count = 1;
    assertEquals(-Errno.ENOSPC, rig.run(allocate));
  }

  @Test
  void roomComesBackWithTheLastNameAndTheLastOpenFile() {
    SimDisk disk = rig.world.disk();
    long free = disk.freeBytes();
    IoHandle file = rig.open("/file", DiskRig.CREATE);
    rig.write(file, 0, new byte[3 * PAGE]);
    assertEquals(free - 3 * PAGE, disk.freeBytes());
    rig.truncate(file, PAGE + 1);
    assertEquals(free - 2 * PAGE, disk.freeBytes());
    rig.succeed(rig.onPaths(IoOpcode.LINK, "/file", "/link"));
    rig.succeed(rig.onPath(IoOpcode.UNLINK, "/file"));
    rig.succeed(rig.onPath(IoOpcode.UNLINK, "/link"));
    assertEquals(free - 2 * PAGE, disk.freeBytes(), "is open");
    rig.close(file);
    assertEquals(free, disk.freeBytes());
  }

  @Test
  void roomIsWhatIsThereAfterAPowerLoss() {
    SimDisk disk = rig.world.disk();
    long free = disk.freeBytes();
    rig.keep("/file", new byte[2 * PAGE]);
    rig.open("/", IoRequest.OPEN_READ);
    IoHandle temporary = rig.open("/", DiskRig.READ_WRITE | IoRequest.OPEN_TEMPORARY);
    rig.write(temporary, 0, new byte[PAGE]);
    assertEquals(free - 3 * PAGE, disk.freeBytes());
    rig.powerLoss();
    assertEquals(free - 2 * PAGE, disk.freeBytes());
  }

  /**
   * The kernel takes the bytes some time after it has seen the write, and before its completion.
   */
  @Test
  void aBufferThatIsReusedTooEarlyIsFoundAndItsNewBytesAreWritten() {
    IoHandle file = rig.open("/file", DiskRig.CREATE);
    DiskRig.Request write = rig.submit(rig.writing(file, 0, DiskRig.bytes("right")));
    rig.start();
    write.buffer.memory().bytes().put(0, DiskRig.bytes("wrong"));
    while (!write.isFinished()) {
      rig.step();
    }
    assertEquals(5, write.result());
    assertEquals("wrong", rig.text("/file"));
    List<String> findings = rig.world.findings();
    assertEquals(1, findings.size());
    assertTrue(findings.get(0).contains("the buffer of WRITE #"), findings::toString);
  }

  @Test
  void aBufferThatIsReleasedTooEarlyIsFoundAlsoWhereItIsFilled() {
    rig.keep("/file", DiskRig.bytes("read"));
    DiskRig.Request read =
        rig.writing(rig.open("/file", IoRequest.OPEN_READ), 0, DiskRig.bytes("????"));
    read.opcode = IoOpcode.READ;
    rig.submit(read);
    rig.start();
    read.buffer.release();
    while (!read.isFinished()) {
      rig.step();
    }
    assertEquals(1, rig.world.findings().size());
    String finding = rig.world.findings().get(0);
    assertTrue(finding.contains("the buffer of READ #"), finding);
    assertTrue(finding.contains("was released"), finding);
  }

  @Test
  void aBufferThatIsReusedAfterTheCompletionIsFine() {
    IoHandle file = rig.open("/file", DiskRig.CREATE);
    DiskRig.Request write = rig.writing(file, 0, DiskRig.bytes("right"));
    assertEquals(5, rig.run(write));
    write.buffer.memory().bytes().put(0, DiskRig.bytes("other"));
    rig.sync(file);
    assertEquals("right", rig.text("/file"));
    assertEquals(List.of(), rig.world.findings());
  }

  /** Until then the memory is what it was, and after that it is overwritten. */
  @Test
  void aReadFillsTheMemoryWhenItIsExecuted() {
    rig.keep("/file", DiskRig.bytes("read"));
    IoHandle file = rig.open("/file", IoRequest.OPEN_READ);
    DiskRig.Request read = rig.writing(file, 0, DiskRig.bytes("????"));
    read.opcode = IoOpcode.READ;
    rig.submit(read);
    rig.start();
    byte[] memory = new byte[4];
    read.buffer.memory().bytes().get(0, memory);
    assertArrayEquals(DiskRig.bytes("????"), memory);
    while (!read.isFinished()) {
      rig.step();
    }
    read.buffer.memory().bytes().get(0, memory);
    assertArrayEquals(DiskRig.bytes("read"), memory);
  }

  @Test
  void aPartOfALockIsReleased() {
    rig.keep("/file", new byte[1]);
    IoHandle one = rig.open("/file", DiskRig.READ_WRITE);
    IoHandle other = rig.open("/file", DiskRig.READ_WRITE);
    assertEquals(1, lock(one, 0, 10, IoRequest.LOCK_EXCLUSIVE));
    assertEquals(1, lock(one, 4, 2, IoRequest.LOCK_RELEASE));
    assertEquals(0, lock(other, 0, 4, IoRequest.LOCK_SHARED));
    assertEquals(1, lock(other, 4, 2, IoRequest.LOCK_EXCLUSIVE));
    assertEquals(0, lock(other, 6, 4, IoRequest.LOCK_SHARED));
    assertEquals(1, lock(one, 0, 4, IoRequest.LOCK_SHARED), "in place of the exclusive one");
    assertEquals(1, lock(other, 0, 4, IoRequest.LOCK_SHARED));
  }

  private int lock(IoHandle file, long position, long count, int how) {
    DiskRig.Request request = rig.on(file, IoOpcode.LOCK);
    request.position = position;
    request.count = count;
    request.flags = how;
    return rig.run(request);
  }

  @Test
  void directIoIsAligned() throws DiskException {
    IoHandle file = rig.open("/file", DiskRig.CREATE | IoRequest.OPEN_DIRECT);
    rig.write(file, 512, new byte[1024]);
    assertEquals(-Errno.EINVAL, rig.run(rig.writing(file, 1, new byte[512])));
    assertEquals(-Errno.EINVAL, rig.run(rig.writing(file, 0, new byte[511])));
    int flags = DiskRig.CREATE | IoRequest.OPEN_DIRECT;
    OpenFile direct = rig.world.disk().open("/file", flags, 0666);
    assertEquals(512, direct.part(2048, 1), "a short transfer");
    assertEquals(1024, direct.part(2048, 1535));
    assertEquals(100, direct.part(511, 100), "is refused anyway");
    OpenFile cached = rig.world.disk().open("/file", DiskRig.CREATE, 0666);
    assertEquals(1, cached.part(2048, 1));
  }

  @Test
  void aPathOfTheMachineIsTakenByItsText() {
    rig.keep("/file", DiskRig.bytes("x"));
    DiskRig.Request unlink = rig.onPath(IoOpcode.UNLINK, "/other");
    unlink.path = Path.of("/file");
    rig.succeed(unlink);
    assertFalse(rig.exists("/file"));
  }

  @Test
  void linksAreFollowedAndLoopsEnd() {
    rig.keep("/file", DiskRig.bytes("x"));
    rig.succeed(rig.onPaths(IoOpcode.SYMLINK, "file", "/link"));
    rig.succeed(rig.onPaths(IoOpcode.SYMLINK, "/dangling", "/there"));
    assertEquals("x", rig.text("/dev/../link"));
    rig.close(rig.open("/there", DiskRig.CREATE));
    assertTrue(rig.exists("/dangling"), "made through the link");
    rig.succeed(rig.onPaths(IoOpcode.SYMLINK, "loop", "/loop"));
    assertEquals(-Errno.ELOOP, rig.run(rig.onPath(IoOpcode.STAT, "/loop/below")));
    assertEquals(-Errno.ENOTDIR, rig.run(rig.onPath(IoOpcode.STAT, "/file/..")));
    assertEquals(-Errno.EBUSY, rig.run(rig.onPaths(IoOpcode.RENAME, "/", "/else")));
  }
}
