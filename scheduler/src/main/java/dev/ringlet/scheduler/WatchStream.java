package dev.ringlet.scheduler;

import dev.ringlet.io.DirectoryEvent;
import dev.ringlet.io.IoSubscription;
import java.nio.file.Path;

/** What happens in a directory; each subscription watches for itself. */
final class WatchStream extends HomeStream<DirectoryEvent> {
  private final Path directory;

  WatchStream(CoreExecutor executor, Path directory) {
    super(executor);
    this.directory = directory;
  }

  @Override
  IoSubscription open(ActorCell<?> cell, Outlet<? super DirectoryEvent> outlet) {
    return new WatchFeed(home(), cell, outlet, directory);
  }

  @Override
  public void discard(DirectoryEvent event) {
    // News holds nothing.
  }

  @Override
  public String toString() {
    return "watch " + directory;
  }
}
