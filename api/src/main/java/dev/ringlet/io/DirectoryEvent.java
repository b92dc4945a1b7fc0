package dev.ringlet.io;

import java.nio.file.Path;

/**
 * What has happened in a directory that is {@linkplain Io#watch watched}. Immutable.
 *
 * @param kind what
 * @param path the entry; the directory itself for {@link Kind#STARTED} and {@link Kind#OVERFLOW}
 */
public record DirectoryEvent(Kind kind, Path path) {
  /** What has happened. */
  public enum Kind {
    /** The watch stands; always the first event. What happens from now on is told. */
    STARTED,
    /** An entry was made, or moved here. */
    CREATED,
    /** The content of an entry, or what is known of it, has changed. */
    MODIFIED,
    /** An entry was deleted, or moved away. */
    DELETED,
    /** More has happened than could be kept: list the directory again. */
    OVERFLOW
  }
}
