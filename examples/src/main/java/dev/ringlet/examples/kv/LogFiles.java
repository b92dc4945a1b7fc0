package dev.ringlet.examples.kv;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What compaction does to names in the data folder. Everything here blocks, so it belongs into
 * {@code context.offload}. <b>Thread:</b> any. Not final, so that a test can have it fail.
 */
class LogFiles {
  /** Room that is left for what others write while a copy is made. */
  private static final long SPARE_BYTES = 1L << 20;

  /**
   * Fails if there is no room for a file, so that the copy does not take the last room from the log
   * that is in use.
   *
   * @param path the file to be
   * @param bytes about how long it will be
   */
  void checkRoom(Path path, long bytes) throws IOException {
    long usable = Files.getFileStore(parent(path)).getUsableSpace();
    if (usable < bytes + SPARE_BYTES) {
      throw new IOException(
          path + ": needs about " + (bytes + SPARE_BYTES) + " bytes, " + usable + " are free");
    }
  }

  /**
   * Opens a file so that its blocks are not freed when others close it. The file may be large, and
   * freeing it slow: that is for whoever closes this channel.
   */
  FileChannel hold(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  /** Gives a file another's name, at once: whoever opens the name gets the one or the other. */
  void rename(Path from, Path to) throws IOException {
    Path unused = Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Makes the names in a file's folder survive a power loss. */
  void syncFolder(Path path) throws IOException {
    try (FileChannel folder = FileChannel.open(parent(path), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  void delete(Path path) throws IOException {
    boolean unused = Files.deleteIfExists(path);
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("path: " + path + "; give a file in a folder");
    }
    return parent;
  }
}
