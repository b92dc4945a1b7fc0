package dev.ringlet.scheduler;

import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.DirectoryEvent.Kind;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What has happened in a directory, on its way from the thread that watches to the executor. As a
 * command it is in the executor's inbox at most once, while it has something that was not seen.
 */
final class WatchSink extends Command {
  /** What is kept for an actor that does not ask for it. */
  static final int EVENTS = 256;

  private final Path directory;
  private final CoreExecutor executor;
  private final Feed<DirectoryEvent> feed;
  private final SpscAtomicArrayQueue<DirectoryEvent> events = new SpscAtomicArrayQueue<>(EVENTS);

  /** Cleared by the executor before it looks. */
  private final AtomicBoolean announced = new AtomicBoolean();

  private volatile boolean overflown;
  private volatile boolean ended;
  private volatile boolean forgotten;

  WatchSink(Path directory, CoreExecutor executor, Feed<DirectoryEvent> feed) {
    this.directory = directory;
    this.executor = executor;
    this.feed = feed;
  }

  Path directory() {
    return directory;
  }

  /** Nobody wants to know any more. Any thread. */
  void forget() {
    forgotten = true;
  }

  boolean isForgotten() {
    return forgotten;
  }

  // ---- the thread that watches

  void add(List<WatchEvent<?>> happened) {
    for (WatchEvent<?> event : happened) {
      Kind kind = kind(event);
      boolean kept =
          kind != Kind.OVERFLOW
              && event.context() instanceof Path name
              && events.offer(new DirectoryEvent(kind, directory.resolve(name)));
      if (!kept) {
        overflown = true;
      }
    }
    announce();
  }

  private static Kind kind(WatchEvent<?> event) {
    if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE) {
      return Kind.CREATED;
    } else if (event.kind() == StandardWatchEventKinds.ENTRY_MODIFY) {
      return Kind.MODIFIED;
    }
    return event.kind() == StandardWatchEventKinds.ENTRY_DELETE ? Kind.DELETED : Kind.OVERFLOW;
  }

  /** The directory is gone. */
  void end() {
    ended = true;
    announce();
  }

  private void announce() {
    if (!announced.getAndSet(true)) {
      executor.send(this);
    }
  }

  // ---- the executor

  @Override
  void run(CoreExecutor home) {
    announced.set(false);
    feed.arrived();
  }

  @Override
  void refused(CoreExecutor home) {
    // Nobody is left to tell.
  }

  boolean isEmpty() {
    return events.isEmpty() && !overflown;
  }

  /** Whether the directory is gone; events that are here come first. */
  boolean hasEnded() {
    return ended;
  }

  /** What was lost is told after what was not. */
  @Nullable DirectoryEvent poll() {
    DirectoryEvent event = events.poll();
    if (event == null && overflown) {
      overflown = false;
      return new DirectoryEvent(Kind.OVERFLOW, directory);
    }
    return event;
  }
}
