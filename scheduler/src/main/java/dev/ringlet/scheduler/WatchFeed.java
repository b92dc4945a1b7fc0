package dev.ringlet.scheduler;

import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.DirectoryEvent.Kind;
import dev.ringlet.io.IoException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Watches a directory from the first demand on. Owner executor only. */
final class WatchFeed extends Feed<DirectoryEvent> {
  private final WatchSink sink;
  private @Nullable Fetch<WatchSink> start;
  private boolean started;

  WatchFeed(
      CoreExecutor executor,
      ActorCell<?> cell,
      Outlet<? super DirectoryEvent> outlet,
      Path directory) {
    super(executor, cell, outlet);
    this.sink = new WatchSink(directory, executor, this);
  }

  private Watches watches() {
    return executor().system().watches();
  }

  @Override
  void refill() {
    if (started || start != null || hasEnded()) {
      return;
    }
    Fetch<WatchSink> begun =
        new Fetch<>(
            this,
            new OffloadOperation<>(executor(), "watch", subject(), this::begin, this::forget),
            0);
    start = begun;
    begun.start();
  }

  /** On a thread that may block. */
  private WatchSink begin() throws Exception {
    watches().add(sink);
    return sink;
  }

  /** Any thread. Where no thread has time for it, the next event ends the watch. */
  private void forget(WatchSink watched) {
    watched.forget();
    var unused =
        executor()
            .system()
            .offload(
                () -> {
                  watches().clear();
                  return watched;
                });
  }

  @Override
  boolean isReady() {
    return start == null ? !sink.isEmpty() : start.isDone();
  }

  @Override
  @Nullable DirectoryEvent poll() {
    Fetch<WatchSink> begun = start;
    if (begun == null) {
      return sink.poll();
    }
    start = null;
    IoException reason = begun.failure();
    if (reason != null) {
      fail(reason);
      return null;
    }
    started = true;
    return new DirectoryEvent(Kind.STARTED, sink.directory());
  }

  @Override
  boolean isExhausted() {
    return started && sink.hasEnded() && sink.isEmpty();
  }

  @Override
  void release() {
    if (start != null) {
      start.drop();
      start = null;
    } else if (started) {
      forget(sink);
    }
  }

  @Override
  String subject() {
    return sink.directory().toString();
  }
}
