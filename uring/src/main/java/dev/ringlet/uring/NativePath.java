package dev.ringlet.uring;

import dev.ringlet.spi.IoRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Paths and open flags as the kernel wants them. */
final class NativePath {
  /**
   * The encoding in which the JDK has decoded file names, so that encoding gives back the same
   * bytes.
   */
  private static final Charset FILE_NAMES = fileNames();

  private NativePath() {}

  /** Whether the kernel knows the path: not one inside of an archive, for example. */
  static boolean isNative(Path path) {
    return path.getFileSystem() == FileSystems.getDefault();
  }

  static byte[] bytes(Path path) {
    return bytes(path.toString());
  }

  static byte[] bytes(String path) {
    return path.getBytes(FILE_NAMES);
  }

  /** That of file names. */
  static Charset charset() {
    return FILE_NAMES;
  }

  static int openFlags(int requestFlags) {
    boolean write = (requestFlags & IoRequest.OPEN_WRITE) != 0;
    boolean read = (requestFlags & IoRequest.OPEN_READ) != 0;
    int access = write ? (read ? Posix.O_RDWR : Posix.O_WRONLY) : Posix.O_RDONLY;
    return Posix.O_CLOEXEC
        | access
        | when(requestFlags, IoRequest.OPEN_CREATE, Posix.O_CREAT)
        | when(requestFlags, IoRequest.OPEN_CREATE_NEW, Posix.O_CREAT | Posix.O_EXCL)
        | when(requestFlags, IoRequest.OPEN_TRUNCATE, Posix.O_TRUNC)
        | when(requestFlags, IoRequest.OPEN_DATA_SYNC, Posix.O_DSYNC)
        | when(requestFlags, IoRequest.OPEN_SYNC, Posix.O_SYNC)
        | when(requestFlags, IoRequest.OPEN_APPEND, Posix.O_APPEND)
        | when(requestFlags, IoRequest.OPEN_DIRECT, OpenFlags.O_DIRECT)
        | when(requestFlags, IoRequest.OPEN_TEMPORARY, OpenFlags.O_TMPFILE);
  }

  private static int when(int flags, int flag, int value) {
    return (flags & flag) != 0 ? value : 0;
  }

  private static Charset fileNames() {
    String name = System.getProperty("sun.jnu.encoding");
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : StandardCharsets.UTF_8;
  }
}
