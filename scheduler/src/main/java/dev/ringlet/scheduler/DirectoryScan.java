package dev.ringlet.scheduler;

import dev.ringlet.io.DirectoryEntry;
import dev.ringlet.io.WalkOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Goes through directories, depth first, on threads that may block, one piece of work at a time;
 * whoever starts the next one has seen the end of the one before.
 *
 * <pre>
 * from       to         by
 * RESTING    WORKING    {@link #next}
 * WORKING    RESTING    {@link #next}, at its end
 * RESTING    CLOSED     {@link #close}, which gives the descriptors back
 * WORKING    CLOSED     {@link #close}; the work gives the descriptors back at its end
 * </pre>
 */
final class DirectoryScan {
  /** Entries of one piece of work; each costs a system call for its type. */
  static final int ENTRIES = 64;

  private static final System.Logger LOG = System.getLogger(DirectoryScan.class.getName());
  private static final int RESTING = 0;
  private static final int WORKING = 1;
  private static final int CLOSED = 2;

  private final Path root;
  private final WalkOptions options;
  private final AtomicInteger state = new AtomicInteger(RESTING);

  /** The directories that are being listed, the innermost first. */
  private final ArrayDeque<Listing> listings = new ArrayDeque<>();

  private boolean begun;

  DirectoryScan(Path root, WalkOptions options) {
    this.root = root;
    this.options = options;
  }

  /**
   * A directory that is being listed.
   *
   * @param key tells it from others; null where the file system has none
   */
  private record Listing(
      DirectoryStream<Path> stream, Iterator<Path> paths, @Nullable Object key) {}

  /** The next entries; fewer than {@link #ENTRIES} are the last ones. Blocks. */
  List<DirectoryEntry> next() throws IOException {
    if (!state.compareAndSet(RESTING, WORKING)) {
      return List.of();
    }
    try {
      return read();
    } finally {
      if (!state.compareAndSet(WORKING, RESTING)) {
        closeListings();
      }
    }
  }

  private List<DirectoryEntry> read() throws IOException {
    if (!begun) {
      begun = true;
      enter(root, Files.readAttributes(root, BasicFileAttributes.class));
    }
    List<DirectoryEntry> entries = new ArrayList<>();
    while (entries.size() < ENTRIES && !listings.isEmpty() && state.get() == WORKING) {
      Path path = nextPath(listings.element());
      if (path == null) {
        listings.remove().stream().close();
      } else {
        add(path, entries);
      }
    }
    return entries;
  }

  private static @Nullable Path nextPath(Listing listing) throws IOException {
    try {
      return listing.paths().hasNext() ? listing.paths().next() : null;
    } catch (DirectoryIteratorException failure) {
      throw failure.getCause();
    }
  }

  private void add(Path path, List<DirectoryEntry> entries) throws IOException {
    try {
      BasicFileAttributes attributes = attributes(path);
      entries.add(new DirectoryEntry(path, type(attributes)));
      if (attributes.isDirectory() && listings.size() < options.maxDepth()) {
        enter(path, attributes);
      }
    } catch (NoSuchFileException gone) {
      LOG.log(Level.DEBUG, "{0} has gone while its directory was listed", path);
    }
  }

  @SuppressWarnings("StreamResourceLeak") // It is closed with its listing.
  private void enter(Path path, BasicFileAttributes attributes) throws IOException {
    Object key = attributes.fileKey();
    for (Listing outer : listings) {
      if (key != null && key.equals(outer.key())) {
        return;
      }
    }
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    listings.push(new Listing(stream, stream.iterator(), key));
  }

  /** Of what a link leads to, where links are followed and it leads somewhere. */
  private BasicFileAttributes attributes(Path path) throws IOException {
    BasicFileAttributes own =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!options.followLinks() || !own.isSymbolicLink()) {
      return own;
    }
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException leadsNowhere) {
      LOG.log(Level.DEBUG, "a link that leads nowhere: {0}", leadsNowhere.toString());
      return own;
    }
  }

  private static DirectoryEntry.Type type(BasicFileAttributes attributes) {
    if (attributes.isDirectory()) {
      return DirectoryEntry.Type.DIRECTORY;
    } else if (attributes.isRegularFile()) {
      return DirectoryEntry.Type.FILE;
    }
    return attributes.isSymbolicLink() ? DirectoryEntry.Type.LINK : DirectoryEntry.Type.OTHER;
  }

  /** Ends it, at once or with the work under way; does not wait for that. Any thread. */
  void close() {
    if (state.getAndSet(CLOSED) == RESTING) {
      closeListings();
    }
  }

  private void closeListings() {
    for (Listing listing = listings.poll(); listing != null; listing = listings.poll()) {
      try {
        listing.stream().close();
      } catch (IOException failure) {
        LOG.log(Level.WARNING, "closing a directory below " + root, failure);
      }
    }
  }
}
