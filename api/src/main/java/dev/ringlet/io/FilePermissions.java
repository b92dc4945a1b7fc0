package dev.ringlet.io;

import java.nio.file.OpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * The permissions of a file or directory that is made; the process's umask is taken off them. As an
 * option of {@link Io#open} they say nothing of a file that is there already. Immutable.
 *
 * @param bits as for {@code chmod}, 0 to 0777
 */
public record FilePermissions(int bits) implements OpenOption {
  /** {@code rw-rw-rw-}, what files get if nothing is said. */
  public static final FilePermissions FILE = new FilePermissions(0666);

  /** {@code rwxrwxrwx}, what directories get if nothing is said. */
  public static final FilePermissions DIRECTORY = new FilePermissions(0777);

  /** Checks the range. */
  public FilePermissions {
    if (bits < 0 || bits > 0777) {
      throw new IllegalArgumentException(
          "bits: " + Integer.toOctalString(bits) + " octal; give 0 to 777 octal");
    }
  }

  /**
   * From the text that {@code ls -l} shows.
   *
   * @param text such as {@code "rw-r-----"}
   * @return the permissions
   * @throws IllegalArgumentException if the text is something else
   */
  public static FilePermissions of(String text) {
    return of(PosixFilePermissions.fromString(text));
  }

  /**
   * From the JDK's permissions.
   *
   * @param permissions any of them
   * @return the permissions
   */
  public static FilePermissions of(Set<PosixFilePermission> permissions) {
    int bits = 0;
    for (PosixFilePermission permission : permissions) {
      bits |= bit(permission);
    }
    return new FilePermissions(bits);
  }

  /**
   * As the JDK's permissions.
   *
   * @return a new set
   */
  public Set<PosixFilePermission> toSet() {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((bits & bit(permission)) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }

  private static int bit(PosixFilePermission permission) {
    return switch (permission) {
      case OWNER_READ -> 0400;
      case OWNER_WRITE -> 0200;
      case OWNER_EXECUTE -> 0100;
      case GROUP_READ -> 040;
      case GROUP_WRITE -> 020;
      case GROUP_EXECUTE -> 010;
      case OTHERS_READ -> 04;
      case OTHERS_WRITE -> 02;
      case OTHERS_EXECUTE -> 01;
    };
  }

  @Override
  public String toString() {
    return PosixFilePermissions.toString(toSet());
  }
}
