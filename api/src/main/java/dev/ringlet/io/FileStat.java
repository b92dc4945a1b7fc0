package dev.ringlet.io;

/**
 * What the file system knows of a file. Immutable.
 *
 * <p>Times are in nanoseconds since 1970-01-01 UTC, as fine as the file system keeps them. With
 * io_uring all of it comes from statx; the NIO driver does not know {@code createdNanos} and {@code
 * allocatedBytes}, and the alignments of files only that it has opened for direct I/O.
 *
 * @param kind what it is
 * @param size bytes
 * @param allocatedBytes what it takes on the disk, less than {@code size} where it has holes; -1 if
 *     unknown
 * @param permissions the bits of {@code chmod}, set-user-ID, set-group-ID and sticky included
 * @param userId the owner
 * @param groupId the group
 * @param accessedNanos last read, as far as the mount options keep it
 * @param modifiedNanos last change of the content
 * @param changedNanos last change of content, permissions, owner or names
 * @param createdNanos when it was made; -1 if unknown
 * @param inode its number on the device
 * @param device the device's number, as {@code st_dev}
 * @param links how many names it has
 * @param memoryAlignment what the memory of direct I/O must be aligned to, in bytes; 0 if unknown
 *     or if there is no direct I/O
 * @param offsetAlignment what positions and lengths of direct I/O must be multiples of, in bytes; 0
 *     likewise
 */
public record FileStat(
    Kind kind,
    long size,
    long allocatedBytes,
    int permissions,
    int userId,
    int groupId,
    long accessedNanos,
    long modifiedNanos,
    long changedNanos,
    long createdNanos,
    long inode,
    long device,
    long links,
    int memoryAlignment,
    int offsetAlignment) {

  /** What a name stands for. */
  public enum Kind {
    /** A file with content. */
    REGULAR,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link; only where the link itself was asked for. */
    SYMLINK,
    /** A pipe with a name. */
    PIPE,
    /** A local socket. */
    SOCKET,
    /** A device of bytes, such as a terminal. */
    CHARACTER_DEVICE,
    /** A device of blocks, such as a disk. */
    BLOCK_DEVICE,
    /** Something else. */
    OTHER;

    /**
     * From the file type in {@code st_mode}; for drivers.
     *
     * @param mode type and permissions
     * @return the kind
     */
    public static Kind ofMode(int mode) {
      return switch (mode & 0170000) { // S_IFMT, as in linux/stat.h
        case 0100000 -> REGULAR;
        case 0040000 -> DIRECTORY;
        case 0120000 -> SYMLINK;
        case 0010000 -> PIPE;
        case 0140000 -> SOCKET;
        case 0020000 -> CHARACTER_DEVICE;
        case 0060000 -> BLOCK_DEVICE;
        default -> OTHER;
      };
    }
  }

  /**
   * Whether it is a file with content.
   *
   * @return true for {@link Kind#REGULAR}
   */
  public boolean isRegularFile() {
    return kind == Kind.REGULAR;
  }

  /**
   * Whether it is a directory.
   *
   * @return true for {@link Kind#DIRECTORY}
   */
  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  /**
   * Whether this and another one tell of the same file, whatever its names.
   *
   * @param other of the same machine
   * @return true if device and inode are the same
   */
  public boolean isSameFile(FileStat other) {
    return inode == other.inode && device == other.device;
  }
}
