package dev.ringlet.scheduler;

import dev.ringlet.io.DirectoryEntry;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.WalkOptions;
import java.nio.file.Path;

/** What is in a directory or below it; each subscription lists anew. */
final class DirectoryListing extends HomeStream<DirectoryEntry> {
  private final Path root;
  private final WalkOptions options;

  DirectoryListing(CoreExecutor executor, Path root, WalkOptions options) {
    super(executor);
    this.root = root;
    this.options = options;
  }

  @Override
  IoSubscription open(ActorCell<?> cell, Outlet<? super DirectoryEntry> outlet) {
    DirectoryScan scan = new DirectoryScan(root, options);
    return new DirectoryFeed(home(), cell, outlet, scan, root.toString());
  }

  @Override
  public void discard(DirectoryEntry entry) {
    // A name holds nothing.
  }

  @Override
  public String toString() {
    return "list " + root;
  }
}
