package dev.ringlet.scheduler;

import dev.ringlet.io.FilePermissions;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operations on paths. They block: a thread of the pool, but for {@link #check}. */
final class NioPaths {
  private NioPaths() {}

  /**
   * Checks a request before it is taken.
   *
   * @throws NullPointerException if a path is missing
   */
  static void check(IoRequest request) {
    Objects.requireNonNull(request.path, "path");
    switch (request.opcode) {
      case RENAME, LINK, SYMLINK -> Objects.requireNonNull(request.otherPath, "otherPath");
      default -> {}
    }
  }

  /** Does what the request says; returns the payload. */
  static @Nullable Object perform(IoRequest request) throws IOException {
    Path path = Objects.requireNonNull(request.path);
    switch (request.opcode) {
      case STAT -> {
        return NioStat.of(path, (request.flags & IoRequest.STAT_LINK) != 0);
      }
      case UNLINK -> unlink(path, (request.flags & IoRequest.UNLINK_DIRECTORY) != 0);
      case MAKE_DIRECTORY -> makeDirectory(path, new FilePermissions(request.length));
      default ->
          performOnTwo(
              request.opcode, path, Objects.requireNonNull(request.otherPath), request.flags);
    }
    return null;
  }

  private static void performOnTwo(IoOpcode opcode, Path path, Path other, int flags)
      throws IOException {
    switch (opcode) {
      case RENAME -> rename(path, other, (flags & IoRequest.RENAME_KEEP) != 0);
      case LINK -> Files.createLink(other, path);
      case SYMLINK -> Files.createSymbolicLink(other, path);
      default -> throw new AssertionError(opcode);
    }
  }

  private static void rename(Path from, Path to, boolean keep) throws IOException {
    if (keep && Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      // What is missing itself is the worse mistake, as it is for the kernel.
      var unused = attributes(from);
      throw new FileAlreadyExistsException(to.toString());
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw NioStat.missing(path, e);
    }
  }

  /** {@link Files#delete} takes both kinds, the kernel's calls one each. */
  private static void unlink(Path path, boolean directoryWanted) throws IOException {
    boolean directory = attributes(path).isDirectory();
    if (directory && !directoryWanted) {
      throw new FileSystemException(path.toString(), null, "Is a directory");
    }
    if (directoryWanted && !directory) {
      throw new NotDirectoryException(path.toString());
    }
    Files.delete(path);
  }

  private static void makeDirectory(Path path, FilePermissions permissions) throws IOException {
    Files.createDirectory(path, PosixFilePermissions.asFileAttribute(permissions.toSet()));
  }
}
