package dev.ringlet.examples.kv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a server's logs, held exclusively while it is open. Used by the thread that starts
 * and stops the server.
 */
final class DataDirectory implements AutoCloseable {
  private static final String LOCK_NAME = "LOCK";
  private static final String LOG_PATTERN = "shard-*.log";
  private static final String COPY_SUFFIX = ".new";
  private static final String COPY_PATTERN = LOG_PATTERN + COPY_SUFFIX;

  private final Path path;
  private final FileChannel lockChannel;

  private DataDirectory(Path path, FileChannel lockChannel) {
    this.path = path;
    this.lockChannel = lockChannel;
  }

  static Path logPath(Path directory, int shard) {
    return directory.resolve(String.format("shard-%04d.log", shard));
  }

  /** Where a shorter log is made that is to replace a shard's log; never read under this name. */
  static Path copyPath(Path directory, int shard) {
    Path log = logPath(directory, shard);
    return log.resolveSibling(log.getFileName() + COPY_SUFFIX);
  }

  /**
   * Creates the folder if need be, locks it, checks that its logs are for this number of shards,
   * and removes what a compaction has left that was interrupted.
   *
   * @throws KvStartException if any of it fails
   */
  static DataDirectory open(Path path, int shards) {
    FileChannel channel = lock(path);
    try {
      checkShards(path, shards);
      removeCopies(path);
      return new DataDirectory(path, channel);
    } catch (KvStartException | IOException e) {
      closeQuietly(channel);
      throw e instanceof KvStartException bad ? bad : unusable(path, (IOException) e);
    }
  }

  private static FileChannel lock(Path path) {
    try {
      create(path.toAbsolutePath());
      FileChannel channel =
          FileChannel.open(
              path.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        closeQuietly(channel);
        throw KvStartException.badSetting(
            "--data " + path + ": another server is using it; stop it or give another folder");
      }
      return channel;
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** Makes the folder, and those above it, so that their names survive a power loss. */
  private static void create(Path path) throws IOException {
    Path above = path.getParent();
    if (above == null || Files.isDirectory(path)) {
      return;
    }
    create(above);
    Files.createDirectory(path);
    sync(above);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  private static KvStartException unusable(Path path, IOException e) {
    return KvStartException.badSetting(
        "--data " + path + ": cannot be used: " + e + "; give a folder that can be written");
  }

  private static void checkShards(Path path, int shards) throws IOException {
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(path, LOG_PATTERN)) {
      for (Path log : logs) {
        LogHeader header = readHeader(log);
        if (header != null && header.shards() != shards) {
          throw KvStartException.badSetting(
              "--executors "
                  + shards
                  + ": the data in "
                  + path
                  + " was written with --executors "
                  + header.shards()
                  + "; start with that number, or give another --data");
        }
      }
    }
  }

  private static void removeCopies(Path path) throws IOException {
    try (DirectoryStream<Path> copies = Files.newDirectoryStream(path, COPY_PATTERN)) {
      for (Path copy : copies) {
        Files.delete(copy);
        System.getLogger(DataDirectory.class.getName())
            .log(System.Logger.Level.INFO, copy + ": removed, its compaction was interrupted");
      }
    }
  }

  /** The header, or null if it is damaged, which the replay judges. */
  private static @Nullable LogHeader readHeader(Path log) throws IOException {
    try (InputStream in = Files.newInputStream(log)) {
      return LogHeader.decode(in.readNBytes(LogFormat.FILE_HEADER_BYTES));
    }
  }

  /** Makes the names of new files survive a power loss. */
  void sync() throws IOException {
    sync(path);
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Lets other servers use the folder. */
  @Override
  public void close() {
    closeQuietly(lockChannel);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest, and nothing was written through this channel.
      System.getLogger(DataDirectory.class.getName())
          .log(System.Logger.Level.DEBUG, "lock file", e);
    }
  }
}
