package dev.ringlet.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JDK's calls on the simulated disk. */
final class SimFilesTest {
  private final DiskRig rig = new DiskRig(1);
  private final Path folder = rig.world.path("/data/logs");

  @Test
  void seesWhatDriversWriteAndTheOtherWayRound() throws IOException {
    Files.createDirectories(folder);
    Path path = folder.resolve("file");
    Files.writeString(path, "by the JDK");
    IoHandle file = rig.open("/data/logs/file", DiskRig.READ_WRITE);
    rig.write(file, 7, DiskRig.bytes("driver"));
    assertEquals("by the driver", Files.readString(path));
    assertEquals(13, Files.size(path));
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(DiskRig.bytes("a channel")), 3);
      ByteBuffer bytes = ByteBuffer.allocate(5);
      assertEquals(5, channel.read(bytes, 0));
      assertArrayEquals(DiskRig.bytes("by a "), bytes.array());
      assertEquals(-1, channel.read(ByteBuffer.allocate(1), 13));
      assertEquals(0, channel.position());
      channel.truncate(4);
    }
    assertEquals("by a", rig.text("/data/logs/file"));
    DiskRig.Request size = rig.on(file, IoOpcode.SIZE);
    rig.succeed(size);
    assertEquals(4L, size.payload());
  }

  @Test
  void channelsKeepTheirPosition() throws IOException {
    Path path = rig.world.path("/file");
    StandardOpenOption[] options = {
      StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ
    };
    try (FileChannel channel = FileChannel.open(path, options)) {
      ByteBuffer[] parts = {
        ByteBuffer.wrap(DiskRig.bytes("one ")), ByteBuffer.wrap(DiskRig.bytes("two"))
      };
      assertEquals(7, channel.write(parts));
      assertEquals(7, channel.position());
      channel.position(4);
      ByteBuffer rest = ByteBuffer.allocate(10);
      assertEquals(3, channel.read(rest));
      assertEquals(-1, channel.read(rest));
    }
    assertThrows(FileAlreadyExistsException.class, () -> FileChannel.open(path, options));
    Files.writeString(path, " three", StandardOpenOption.APPEND);
    assertEquals("one two three", Files.readString(path));
    try (InputStream in = Files.newInputStream(path)) {
      assertArrayEquals(DiskRig.bytes("one"), in.readNBytes(3));
    }
    Path copy = rig.world.path("/copy");
    Files.copy(path, copy);
    assertEquals("one two three", Files.readString(copy));
  }

  @Test
  void channelsRefuseWhatTheyWereNotOpenedFor() throws IOException {
    Path path = rig.world.path("/file");
    Files.writeString(path, "x");
    ByteBuffer bytes = ByteBuffer.allocate(1);
    try (FileChannel channel = FileChannel.open(path)) {
      assertThrows(NonWritableChannelException.class, () -> channel.write(bytes));
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
    assertThrows(NonReadableChannelException.class, () -> channel.read(bytes));
    channel.close();
    assertThrows(ClosedChannelException.class, () -> channel.write(bytes));
    assertThrows(ClosedChannelException.class, channel::size);
  }

  @Test
  void forceIsASync() throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      DiskRig own = new DiskRig(seed);
      Path path = own.world.path("/file");
      try (FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(DiskRig.bytes("synced")));
        channel.force(false);
      }
      try (FileChannel directory = FileChannel.open(own.world.path("/"))) {
        directory.force(true);
      }
      own.powerLoss();
      assertEquals("synced", Files.readString(path));
    }
  }

  @Test
  void directoriesAreListedInOrderAndByPattern() throws IOException {
    Files.createDirectories(folder);
    Files.createDirectories(folder);
    for (String name : List.of("shard-2.log", "shard-1.log", "LOCK")) {
      Files.createFile(folder.resolve(name));
    }
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "shard-*.log")) {
      logs.forEach(log -> found.add(log.toString()));
    }
    assertEquals(List.of("/data/logs/shard-1.log", "/data/logs/shard-2.log"), found);
    try (Stream<Path> all = Files.walk(rig.world.path("/data"))) {
      assertEquals(5, all.count());
    }
    Path file = folder.resolve("LOCK");
    assertThrows(NotDirectoryException.class, () -> Files.newDirectoryStream(file));
    assertThrows(FileAlreadyExistsException.class, () -> Files.createDirectory(folder));
    assertThrows(DirectoryNotEmptyException.class, () -> Files.delete(folder));
  }

  @Test
  void movesAreAtomicAndKeepWhatTheyMustNotReplace() throws IOException {
    Path from = rig.world.path("/from");
    Path to = rig.world.path("/to");
    Files.writeString(from, "new");
    Files.writeString(to, "old");
    assertThrows(FileAlreadyExistsException.class, () -> Files.move(from, to));
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    assertEquals("new", Files.readString(to));
    assertFalse(Files.exists(from));
    assertThrows(NoSuchFileException.class, () -> Files.move(from, to));
    Files.writeString(from, "newer");
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    assertEquals("newer", Files.readString(to));
    Path elsewhere = rig.world.path("/dev/shm/to");
    assertThrows(
        AtomicMoveNotSupportedException.class,
        () -> Files.move(to, elsewhere, StandardCopyOption.ATOMIC_MOVE));
    assertTrue(Files.deleteIfExists(to));
    assertFalse(Files.deleteIfExists(to));
  }

  @Test
  void failuresSayWhatTheKernelSays() throws IOException {
    Path path = rig.world.path("/file");
    Files.writeString(path, "x");
    assertThrows(NoSuchFileException.class, () -> Files.readString(rig.world.path("/none")));
    FileSystemException below =
        assertThrows(FileSystemException.class, () -> Files.createFile(path.resolve("below")));
    assertEquals("Not a directory", below.getReason());
    rig.world.disk().capacity(0);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocate(1);
      IOException full =
          assertThrows(IOException.class, () -> channel.write(page, Content.PAGE_BYTES));
      assertEquals("No space left on device", full.getMessage());
    }
    assertEquals(0, Files.getFileStore(path).getUsableSpace());
  }

  @Test
  void attributesTellFilesApart() throws IOException {
    Path path = rig.world.path("/file");
    Files.writeString(path, "x");
    Path link = Files.createLink(rig.world.path("/link"), path);
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    assertTrue(attributes.isRegularFile());
    assertEquals(attributes.fileKey(), Files.readAttributes(link, "fileKey").get("fileKey"));
    assertTrue(Files.isSameFile(path, link));
    assertFalse(Files.isSameFile(path, rig.world.path("/dev")));
    assertTrue(Files.isDirectory(rig.world.path("/")));
    Path symbolic = Files.createSymbolicLink(rig.world.path("/symbolic"), path);
    assertTrue(Files.isSymbolicLink(symbolic));
    assertEquals(path, symbolic.toRealPath());
    assertEquals(rig.world.path("/dev/shm"), rig.world.path("/dev/shm/../shm").toRealPath());
    assertEquals(rig.world.path("/"), rig.world.path("/dev/..").toRealPath());
  }

  @Test
  void locksAreAgainstDriversAndEndWithTheProcess() throws IOException {
    Path path = rig.world.path("/LOCK");
    Files.createFile(path);
    IoHandle file = rig.open("/LOCK", DiskRig.READ_WRITE);
    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
    FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE);
    DiskRig.Request lock = rig.on(file, IoOpcode.LOCK);
    lock.flags = IoRequest.LOCK_EXCLUSIVE;
    assertEquals(1, rig.run(lock));
    assertNull(channel.tryLock());
    lock.flags = IoRequest.LOCK_RELEASE;
    assertEquals(1, rig.run(lock));
    assertNotNull(channel.tryLock());
    assertThrows(OverlappingFileLockException.class, other::tryLock);
    rig.kill();
    assertThrows(ClosedChannelException.class, channel::size);
    try (FileChannel next = FileChannel.open(path, StandardOpenOption.WRITE)) {
      assertNotNull(next.tryLock());
    }
    channel.close();
    other.close();
  }

  /** As of the machine that the test runs on, if that has slashes. */
  @Test
  void pathsAreAsThoseOfTheJdk() {
    List<String> texts =
        List.of("", "/", "a", "/a", "a/b", "/a/b/", "a//b/c", "../a", "/../a", "a/./b/../c", "..");
    for (String text : texts) {
      Path path = rig.world.path(text);
      Path usual = Path.of(text);
      assertSame(usual, path);
      assertSame(usual.normalize(), path.normalize());
      assertSame(usual.getParent(), path.getParent());
      assertSame(usual.getFileName(), path.getFileName());
      assertSame(usual.getRoot(), path.getRoot());
      assertEquals(usual.getNameCount(), path.getNameCount(), text);
      for (String other : texts) {
        Path otherPath = rig.world.path(other);
        Path otherUsual = Path.of(other);
        String both = text + " and " + other;
        assertSame(usual.resolve(otherUsual), path.resolve(otherPath));
        assertSame(usual.resolveSibling(otherUsual), path.resolveSibling(otherPath));
        assertEquals(usual.startsWith(otherUsual), path.startsWith(otherPath), both);
        assertEquals(usual.endsWith(otherUsual), path.endsWith(otherPath), both);
        assertEquals(usual.equals(otherUsual), path.equals(otherPath), both);
      }
    }
    Path way = rig.world.path("/a/b").relativize(rig.world.path("/a/c/d"));
    assertEquals("../c/d", way.toString());
    assertEquals(rig.world.path("/x"), rig.world.path("x").toAbsolutePath());
    assertEquals(rig.world.path("b/c"), rig.world.path("/a/b/c").subpath(1, 3));
  }

  private static void assertSame(Path usual, Path path) {
    assertEquals(String.valueOf(usual), String.valueOf(path));
  }
}
