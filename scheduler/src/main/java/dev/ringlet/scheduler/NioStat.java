package dev.ringlet.scheduler;

import dev.ringlet.io.FileStat;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What the JDK knows of a file. A thread of the pool. */
final class NioStat {
  private static final String ATTRIBUTES =
      "unix:mode,size,uid,gid,ino,dev,nlink,lastAccessTime,lastModifiedTime,ctime";

  private static final int PERMISSIONS = 07777;

  private NioStat() {}

  static FileStat of(Path path, boolean ofLink) throws IOException {
    return of(path, ofLink, 0);
  }

  /**
   * Of an open file, which the JDK knows by its name only.
   *
   * @param opened what it was when it was opened
   */
  static FileStat ofOpen(Path path, FileStat opened) throws IOException {
    FileStat now;
    try {
      now = of(path, false, opened.offsetAlignment());
    } catch (FileSystemException e) {
      int errno = NioErrno.of(e);
      throw errno == Errno.ENOENT || errno == Errno.ENOTDIR ? stale(path) : e;
    }
    if (!now.isSameFile(opened)) {
      throw stale(path);
    }
    return now;
  }

  private static FileSystemException stale(Path path) {
    return new FileSystemException(
        path.toString(),
        null,
        "Stale file handle: NIO looks open files up by name, and this one was renamed or removed;"
            + " ask by its present path, or use the io_uring driver");
  }

  /** With the alignment of direct I/O, or 0. */
  static FileStat of(Path path, boolean ofLink, int alignment) throws IOException {
    Map<String, Object> attributes = attributes(path, ofLink);
    int mode = number(attributes, "mode").intValue();
    return new FileStat(
        FileStat.Kind.ofMode(mode),
        number(attributes, "size").longValue(),
        -1,
        mode & PERMISSIONS,
        number(attributes, "uid").intValue(),
        number(attributes, "gid").intValue(),
        nanos(attributes, "lastAccessTime"),
        nanos(attributes, "lastModifiedTime"),
        nanos(attributes, "ctime"),
        -1,
        number(attributes, "ino").longValue(),
        number(attributes, "dev").longValue(),
        number(attributes, "nlink").longValue(),
        alignment,
        alignment);
  }

  private static Map<String, Object> attributes(Path path, boolean ofLink) throws IOException {
    try {
      return ofLink
          ? Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)
          : Files.readAttributes(path, ATTRIBUTES);
    } catch (NoSuchFileException e) {
      throw missing(path, e);
    } catch (UnsupportedOperationException e) {
      throw new NioUnsupportedException(
          "the file system of " + path + " has no Unix attributes; use java.nio.file.Files");
    }
  }

  /** Newer JDKs say of a name below a file too that it does not exist; the kernel tells the two. */
  static FileSystemException missing(Path path, NoSuchFileException found) {
    Path above = path.toAbsolutePath().getParent();
    while (above != null && Files.notExists(above)) {
      above = above.getParent();
    }
    return above == null || Files.isDirectory(above)
        ? found
        : new FileSystemException(path.toString(), null, "Not a directory");
  }

  private static Number number(Map<String, Object> attributes, String name) {
    return (Number) Objects.requireNonNull(attributes.get(name), name);
  }

  private static long nanos(Map<String, Object> attributes, String name) {
    FileTime time = (FileTime) Objects.requireNonNull(attributes.get(name), name);
    return time.to(TimeUnit.NANOSECONDS);
  }
}
