package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** Operations on names. */
interface PathContract extends FileContract {
  default Path at(String name) {
    return directory().resolve(name);
  }

  default int rename(Path from, Path to) {
    return rig().run(TestRequest.onTwo(IoOpcode.RENAME, from, to, 0));
  }

  @Test
  default void renamingReplacesWhatHasTheName() throws IOException {
    Files.writeString(at("target"), "old");
    assertEquals(0, rename(file(Bytes.of("new")), at("target")));
    assertEquals("new", Files.readString(at("target")));
    assertFalse(Files.exists(at("file")));
  }

  @Test
  default void renamingToAFreeNameKeepsWhatIsThere() throws IOException {
    Path path = file(Bytes.of("new"));
    Files.writeString(at("target"), "old");
    int keep = IoRequest.RENAME_KEEP;
    rig().fails(Errno.EEXIST, TestRequest.onTwo(IoOpcode.RENAME, path, at("target"), keep));
    assertEquals("old", Files.readString(at("target")));
    assertEquals(0, rig().run(TestRequest.onTwo(IoOpcode.RENAME, path, at("free"), keep)));
    assertEquals("new", Files.readString(at("free")));
    rig().fails(Errno.ENOENT, TestRequest.onTwo(IoOpcode.RENAME, path, at("target"), keep));
  }

  @Test
  default void renamingFailsAsTheKernelSays() throws IOException {
    Path path = file(Bytes.of("x"));
    Path full = Files.createDirectory(at("full"));
    Files.createFile(full.resolve("inside"));
    Path empty = Files.createDirectory(at("empty"));
    assertEquals(-Errno.ENOENT, rename(at("none"), at("target")));
    assertEquals(-Errno.ENOTDIR, rename(path, path.resolve("below")));
    assertEquals(-Errno.EISDIR, rename(path, empty));
    assertEquals(-Errno.ENOTDIR, rename(empty, path));
    assertEquals(-Errno.ENOTEMPTY, rename(empty, full));
    assertEquals(-Errno.EINVAL, rename(full, full.resolve("itself")));
    assertEquals(-Errno.EXDEV, rename(path, Path.of("/dev/shm/ringlet-other-file-system")));
    assertEquals("x", Files.readString(path));
  }

  @Test
  default void aLinkIsAFurtherName() throws IOException {
    Path path = file(Bytes.of("abc"));
    assertEquals(0, rig().run(TestRequest.onTwo(IoOpcode.LINK, path, at("link"), 0)));
    assertTrue(Files.isSameFile(path, at("link")));
    assertTrue(Files.isRegularFile(at("link"), LinkOption.NOFOLLOW_LINKS));
    rig().fails(Errno.EEXIST, TestRequest.onTwo(IoOpcode.LINK, path, at("link"), 0));
    rig().fails(Errno.ENOENT, TestRequest.onTwo(IoOpcode.LINK, at("none"), at("more"), 0));
    rig().fails(Errno.EPERM, TestRequest.onTwo(IoOpcode.LINK, directory(), at("more"), 0));
  }

  @Test
  default void aSymbolicLinkSaysWhatItWasGiven() throws IOException {
    Path target = directory().getFileSystem().getPath("not", "there");
    assertEquals(0, rig().run(TestRequest.onTwo(IoOpcode.SYMLINK, target, at("link"), 0)));
    assertEquals(target, Files.readSymbolicLink(at("link")));
    rig().fails(Errno.EEXIST, TestRequest.onTwo(IoOpcode.SYMLINK, target, at("link"), 0));
  }

  @Test
  default void unlinkingTakesNamesOfFilesAway() throws IOException {
    Path path = file(Bytes.of("abc"));
    IoHandle open = open(path, READ);
    Path link = Files.createSymbolicLink(at("link"), path);
    assertEquals(0, rig().run(TestRequest.unlink(link, 0)));
    assertTrue(Files.exists(path), "of the link, not of what it leads to");
    assertEquals(0, rig().run(TestRequest.unlink(path, 0)));
    assertFalse(Files.exists(path));
    assertArrayEquals(Bytes.of("abc"), readAll(open, 3));
    rig().fails(Errno.ENOENT, TestRequest.unlink(path, 0));
    Path below = file(new byte[0]).resolve("below").resolve("that");
    rig().fails(Errno.ENOTDIR, TestRequest.unlink(below, 0));
    Path directory = Files.createDirectory(at("directory"));
    rig().fails(Errno.EISDIR, TestRequest.unlink(directory, 0));
    assertTrue(Files.exists(directory));
  }

  @Test
  default void directoriesAreMadeAndRemoved() throws IOException {
    Path made = at("made");
    assertEquals(0, rig().run(TestRequest.makeDirectory(made, 0710)));
    assertEquals("rwx--x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    rig().fails(Errno.EEXIST, TestRequest.makeDirectory(made, 0777));
    rig().fails(Errno.ENOENT, TestRequest.makeDirectory(at("none").resolve("below"), 0777));
    Path inside = Files.createFile(made.resolve("inside"));
    int directory = IoRequest.UNLINK_DIRECTORY;
    rig().fails(Errno.ENOTEMPTY, TestRequest.unlink(made, directory));
    rig().fails(Errno.ENOTDIR, TestRequest.unlink(inside, directory));
    Files.delete(inside);
    assertEquals(0, rig().run(TestRequest.unlink(made, directory)));
    assertFalse(Files.exists(made));
    rig().fails(Errno.ENOENT, TestRequest.unlink(made, directory));
  }

  /** Which is also what other operations need that are on no handle. */
  @Test
  default void aMissingPathIsRefusedAtOnce() {
    TestRequest unlink = TestRequest.unlink(null, 0);
    assertThrows(NullPointerException.class, () -> rig().driver.submit(unlink));
    TestRequest stat = TestRequest.stat((Path) null, 0);
    assertThrows(NullPointerException.class, () -> rig().driver.submit(stat));
    TestRequest rename = TestRequest.onTwo(IoOpcode.RENAME, at("a"), null, 0);
    assertThrows(NullPointerException.class, () -> rig().driver.submit(rename));
  }
}
