package dev.ringlet.io;

import java.nio.file.OpenOption;

/** What {@link Io#open} can do besides the {@link java.nio.file.StandardOpenOption}s. */
public enum FileOption implements OpenOption {
  /**
   * Direct I/O: past the page cache, between the device and the buffers (O_DIRECT). Reads may have
   * any position and length; writes must keep to {@link AsyncFile#alignment()}. The file system
   * must have it: EINVAL says that it has not.
   */
  DIRECT,

  /**
   * A file without a name: the path is a directory on the file system where it shall be, and the
   * file is gone when it is closed, or when the process ends (O_TMPFILE). It is open for reading
   * and writing. NIO makes it under a random name, which it removes at once. EOPNOTSUPP says that
   * the file system cannot: give a name and DELETE_ON_CLOSE.
   */
  TEMPORARY
}
