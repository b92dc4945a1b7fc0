package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.FileStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the file system knows of files, and what they are made with. */
interface FileStatContract extends FileContract {
  default FileStat stat(Path path) {
    return rig().payload(FileStat.class, TestRequest.stat(path, 0));
  }

  @Test
  default void tellsWhatTheJdkTells() throws IOException {
    Path path = file(Bytes.random(12_345));
    Files.createLink(directory().resolve("second"), path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-x--x"));
    Files.setLastModifiedTime(
        path, FileTime.from(1_234_567_890_123_456_789L, TimeUnit.NANOSECONDS));
    FileStat stat = rig().payload(FileStat.class, TestRequest.stat(open(path, READ)));
    assertEquals(FileStat.Kind.REGULAR, stat.kind());
    assertEquals(12_345, stat.size());
    assertEquals(0651, stat.permissions());
    assertEquals(1_234_567_890_123_456_789L, stat.modifiedNanos());
    assertEquals(Files.getAttribute(path, "unix:uid"), stat.userId());
    assertEquals(Files.getAttribute(path, "unix:gid"), stat.groupId());
    assertEquals(Files.getAttribute(path, "unix:ino"), stat.inode());
    assertEquals(Files.getAttribute(path, "unix:dev"), stat.device());
    FileTime changed = (FileTime) Files.getAttribute(path, "unix:ctime");
    assertEquals(changed.to(TimeUnit.NANOSECONDS), stat.changedNanos());
    FileTime accessed = (FileTime) Files.getAttribute(path, "lastAccessTime");
    assertEquals(accessed.to(TimeUnit.NANOSECONDS), stat.accessedNanos());
    assertEquals(2, stat.links());
    assertTrue(stat.isSameFile(stat(directory().resolve("second"))));
    assertFalse(stat.isSameFile(stat(directory())));
  }

  @Test
  default void tellsWhatStandsUnderAName() throws IOException {
    Path path = file(Bytes.of("abc"));
    Path target = directory().getFileSystem().getPath("file");
    Path link = Files.createSymbolicLink(directory().resolve("link"), target);
    assertEquals(FileStat.Kind.DIRECTORY, stat(directory()).kind());
    assertEquals(FileStat.Kind.CHARACTER_DEVICE, stat(Path.of("/dev/null")).kind());
    assertTrue(stat(link).isSameFile(stat(path)));
    FileStat ofLink = rig().payload(FileStat.class, TestRequest.stat(link, IoRequest.STAT_LINK));
    assertEquals(FileStat.Kind.SYMLINK, ofLink.kind());
    assertEquals("file".length(), ofLink.size());
  }

  @Test
  default void whatIsNotThereCannotBeTold() throws IOException {
    rig().fails(Errno.ENOENT, TestRequest.stat(directory().resolve("none"), 0));
    rig().fails(Errno.ENOTDIR, TestRequest.stat(file(new byte[0]).resolve("below"), 0));
    Path loop = directory().resolve("loop");
    Files.createSymbolicLink(loop, loop);
    rig().fails(Errno.ELOOP, TestRequest.stat(loop, 0));
    Path longName = directory().resolve("n".repeat(256));
    rig().fails(Errno.ENAMETOOLONG, TestRequest.stat(longName, 0));
  }

  /** NIO looks open files up by name, and says so where that leads to nothing or another file. */
  @Test
  default void anOpenFileIsKnownWithoutItsName() throws IOException {
    Path path = file(Bytes.of("abc"));
    IoHandle file = open(path, READ);
    Files.delete(path);
    boolean byName = rig().driver.name().equals("nio");
    assertKnown(file, byName);
    file(Bytes.of("another"));
    assertKnown(file, byName);
  }

  private void assertKnown(IoHandle file, boolean byName) {
    if (byName) {
      rig().fails(Errno.ESTALE, TestRequest.stat(file));
    } else {
      FileStat stat = rig().payload(FileStat.class, TestRequest.stat(file));
      assertEquals(3, stat.size());
      assertEquals(0, stat.links());
    }
  }

  @Test
  default void filesAreMadeWithPermissions() {
    Path path = directory().resolve("secret");
    TestRequest create = TestRequest.open(path, WRITE | IoRequest.OPEN_CREATE_NEW);
    create.length = 0600;
    rig().handle(create);
    assertEquals(0600, stat(path).permissions());
    TestRequest again = TestRequest.open(path, WRITE | CREATE);
    again.length = 0640;
    rig().handle(again);
    assertEquals(0600, stat(path).permissions(), "of a file that was there already");
  }
}
