package dev.ringlet.scheduler;

import dev.ringlet.io.FilePart;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.MergeOptions;
import java.util.function.Supplier;

/** Parts of a file in the order of their ranges; each subscription takes the ranges anew. */
final class PartStream extends HomeStream<FilePart> {
  private final DriverFile file;
  private final Supplier<RangeSource> ranges;
  private final MergeOptions options;

  PartStream(
      CoreExecutor executor, DriverFile file, Supplier<RangeSource> ranges, MergeOptions options) {
    super(executor);
    this.file = file;
    this.ranges = ranges;
    this.options = options;
  }

  @Override
  IoSubscription open(ActorCell<?> cell, Outlet<? super FilePart> outlet) {
    PartFeed feed = new PartFeed(home(), cell, outlet, file, ranges.get(), options);
    feed.begin();
    return feed;
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
