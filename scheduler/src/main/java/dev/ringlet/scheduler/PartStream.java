package dev.ringlet.scheduler;

import dev.ringlet.io.FilePart;
import dev.ringlet.io.FileRange;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.MergeOptions;
import java.util.List;

/** Parts of a file in the order of a list; each subscription reads them anew. */
final class PartStream extends HomeStream<FilePart> {
  private final DriverFile file;
  private final List<FileRange> ranges;
  private final MergeOptions options;

  PartStream(CoreExecutor executor, DriverFile file, List<FileRange> ranges, MergeOptions options) {
    super(executor);
    this.file = file;
    this.ranges = ranges;
    this.options = options;
  }

  @Override
  IoSubscription open(ActorCell<?> cell, Outlet<? super FilePart> outlet) {
    return new PartFeed(home(), cell, outlet, file, ranges, options);
  }

  @Override
  public void discard(FilePart part) {
    part.buffer().release();
  }

  @Override
  public String toString() {
    return "parts " + file;
  }
}
