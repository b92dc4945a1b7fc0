package dev.ringlet.io;

import java.nio.file.Path;

/**
 * What a directory holds. Immutable.
 *
 * @param path the directory's path and the entry's name
 * @param type what it was when it was listed
 */
public record DirectoryEntry(Path path, Type type) {
  /** What an entry is. */
  public enum Type {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link that was not followed. */
    LINK,
    /** A device, a socket, a pipe. */
    OTHER
  }
}
