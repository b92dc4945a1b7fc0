package dev.ringlet.scheduler;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The directories that a system watches, with one thread that waits for the file system; made with
 * the first of them. Any thread that may block.
 */
final class Watches {
  private static final System.Logger LOG = System.getLogger(Watches.class.getName());

  private final String name;
  private final boolean stepped;

  /** Guarded by this. A directory that is watched twice has one key. */
  private final Map<WatchKey, List<WatchSink>> sinks = new HashMap<>();

  /** Guarded by this. */
  private @Nullable WatchService service;

  /** Guarded by this. */
  private boolean closed;

  Watches(String systemName, boolean stepped) {
    this.name = "ringlet-" + systemName + "-watch";
    this.stepped = stepped;
  }

  /** What happens in its directory from now on goes to a sink. */
  synchronized void add(WatchSink sink) throws IOException {
    if (stepped) {
      throw new NioUnsupportedException(
          "a system that is stepped has no thread that watches " + sink.directory());
    }
    WatchKey key =
        sink.directory()
            .register(
                service(),
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    sinks.computeIfAbsent(key, first -> new ArrayList<>()).add(sink);
  }

  private WatchService service() throws IOException {
    if (closed) {
      throw new ClosedWatchServiceException();
    }
    WatchService made = service;
    if (made == null) {
      made = FileSystems.getDefault().newWatchService();
      service = made;
      WatchService watched = made;
      Thread thread = new Thread(() -> watch(watched), name);
      thread.setDaemon(true);
      thread.start();
    }
    return made;
  }

  /** Ends the watches that nobody wants any more. */
  synchronized void clear() {
    sinks.entrySet().removeIf(watched -> isOver(watched.getKey(), watched.getValue()));
  }

  private static boolean isOver(WatchKey key, List<WatchSink> watching) {
    watching.removeIf(WatchSink::isForgotten);
    if (watching.isEmpty()) {
      key.cancel();
      return true;
    }
    return false;
  }

  private void watch(WatchService watched) {
    try {
      while (true) {
        WatchKey key = watched.take();
        List<WatchEvent<?>> events = key.pollEvents();
        boolean goesOn = key.reset();
        List<WatchSink> told = told(key, goesOn);
        told.forEach(sink -> sink.add(events));
        if (!goesOn) {
          told.forEach(WatchSink::end);
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException end) {
      LOG.log(Level.DEBUG, "{0} ends", name);
    }
  }

  private synchronized List<WatchSink> told(WatchKey key, boolean goesOn) {
    List<WatchSink> watching = sinks.get(key);
    if (watching == null) {
      return List.of();
    }
    if (!goesOn || isOver(key, watching)) {
      sinks.remove(key);
    }
    return List.copyOf(watching);
  }

  /** Ends the thread. */
  void close() {
    WatchService open;
    synchronized (this) {
      closed = true;
      open = service;
    }
    if (open != null) {
      try {
        open.close();
      } catch (IOException failure) {
        LOG.log(Level.WARNING, name + ": closing the watch service", failure);
      }
    }
  }
}
