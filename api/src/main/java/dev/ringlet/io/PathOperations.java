package dev.ringlet.io;

import java.nio.file.Path;

/**
 * Operations on names in the file system. None of them opens anything.
 *
 * <p>What the kernel has begun it ends: an operation that fails with ECANCELED, or times out, may
 * have been done nevertheless. Names last through a power loss once their directory was {@linkplain
 * AsyncFile#sync() synced}; a directory can be opened for that like a file, for reading.
 *
 * <p><b>Thread:</b> any thread makes operations; their executor runs them.
 */
public interface PathOperations {
  /**
   * Tells about what a path leads to; follows symbolic links.
   *
   * @param path the path
   * @return the operation; ENOENT if there is nothing
   */
  IoOp<FileStat> stat(Path path);

  /**
   * Tells about what stands under a name, also if that is a symbolic link.
   *
   * @param path the path
   * @return the operation; ENOENT if there is nothing
   */
  IoOp<FileStat> statLink(Path path);

  /**
   * Gives something another name on the same file system. What has that name is replaced in one
   * step: at any time others see the one or the other.
   *
   * @param from the name it has; a symbolic link itself, not what it leads to
   * @param to the new name
   * @return the operation; EXDEV if the names are not on one file system, ENOTEMPTY if a directory
   *     with content has the new name
   */
  IoOp<Void> rename(Path from, Path to);

  /**
   * Gives something another name on the same file system, unless it is taken. NIO looks first and
   * then renames, so that another process may come in between; io_uring does it in one step.
   *
   * @param from the name it has
   * @param to the new name
   * @return the operation; EEXIST if the new name is taken
   */
  IoOp<Void> renameToFree(Path from, Path to);

  /**
   * Gives a file a further name (a hard link).
   *
   * @param existing the name it has; not a directory
   * @param link the further name
   * @return the operation; EEXIST if that is taken
   */
  IoOp<Void> link(Path existing, Path link);

  /**
   * Makes a symbolic link.
   *
   * @param target where it leads, as it stands; need not be there, and if it is relative it counts
   *     from where the link is
   * @param link the link's name
   * @return the operation; EEXIST if that is taken
   */
  IoOp<Void> symlink(Path target, Path link);

  /**
   * Removes a name of anything but a directory. The file itself goes with its last name, when
   * nobody has it open any more.
   *
   * @param path the name; a symbolic link itself, not what it leads to
   * @return the operation; ENOENT if it is not there, EISDIR if it is a directory
   */
  IoOp<Void> unlink(Path path);

  /**
   * Makes a directory, {@code rwxrwxrwx} less the umask.
   *
   * @param path its name; what is before the last part must be there
   * @return the operation; EEXIST if the name is taken
   */
  IoOp<Void> makeDirectory(Path path);

  /**
   * Makes a directory.
   *
   * @param path its name; what is before the last part must be there
   * @param permissions less the umask
   * @return the operation; EEXIST if the name is taken
   */
  IoOp<Void> makeDirectory(Path path, FilePermissions permissions);

  /**
   * Removes an empty directory.
   *
   * @param path its name
   * @return the operation; ENOTEMPTY if something is in it, ENOTDIR if it is something else
   */
  IoOp<Void> removeDirectory(Path path);
}
