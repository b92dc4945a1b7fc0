package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a path leads to. Immutable.
 *
 * @param directory where the name is; null if the path has no name at its end: the root, or what
 *     ends with two dots
 * @param name in the directory, which may have none such
 * @param inode what is there; null for nothing
 */
record Place(@Nullable Inode directory, String name, @Nullable Inode inode) {
  private static final int MOST_LINKS = 40;
  private static final int NAME_BYTES = 255;
  private static final int PATH_BYTES = 4096;

  /**
   * Finds it.
   *
   * @param path taken from the root also if it does not begin there
   * @param follows whether a symbolic link at the end is followed
   */
  static Place find(Inode root, String path, boolean follows) throws DiskException {
    if (path.length() >= PATH_BYTES) {
      throw new DiskException(Errno.ENAMETOOLONG);
    }
    ArrayDeque<String> rest = new ArrayDeque<>(List.of(path.split("/", -1)));
    Inode at = root;
    int links = 0;
    while (true) {
      String name = rest.poll();
      if (name == null) {
        return new Place(null, "", at);
      }
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      checkDirectory(at);
      if (name.equals("..")) {
        at = Objects.requireNonNull(at.parent);
        continue;
      }
      checkLength(name);
      Inode next = at.entries.get(name);
      boolean last = rest.isEmpty();
      if (next != null && next.isLink() && (follows || !last)) {
        if (++links > MOST_LINKS) {
          throw new DiskException(Errno.ELOOP);
        }
        at = next.text.startsWith("/") ? root : at;
        prepend(next.text, rest);
      } else if (last) {
        return new Place(at, name, next);
      } else if (next == null) {
        throw new DiskException(Errno.ENOENT);
      } else {
        at = next;
      }
    }
  }

  private static void prepend(String target, ArrayDeque<String> rest) {
    String[] names = target.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      rest.push(names[i]);
    }
  }

  private static void checkDirectory(Inode inode) throws DiskException {
    if (!inode.isDirectory()) {
      throw new DiskException(Errno.ENOTDIR);
    }
  }

  private static void checkLength(String name) throws DiskException {
    if (name.length() * 3 > NAME_BYTES
        && name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
      throw new DiskException(Errno.ENAMETOOLONG);
    }
  }

  /** What is there. */
  Inode present() throws DiskException {
    if (inode == null) {
      throw new DiskException(Errno.ENOENT);
    }
    return inode;
  }

  /** The directory that the name is in, for a change of it. */
  Inode changeable() throws DiskException {
    if (directory == null) {
      throw new DiskException(Errno.EBUSY);
    }
    return directory;
  }
}
