package dev.ringlet.scheduler;

import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoSubscription;

/** The bytes of a file in order; each subscription reads them anew. */
final class ChunkStream extends HomeStream<IoBuffer> {
  private final DriverFile file;
  private final ChunkOptions options;

  ChunkStream(CoreExecutor executor, DriverFile file, ChunkOptions options) {
    super(executor);
    this.file = file;
    this.options = options;
  }

  @Override
  IoSubscription open(ActorCell<?> cell, Outlet<? super IoBuffer> outlet) {
    return new ChunkFeed(home(), cell, outlet, file, options);
  }

  /** The feed reads ahead by itself, and can give up what it has read. */
  @Override
  int takenAhead() {
    return 1;
  }

  @Override
  public void discard(IoBuffer chunk) {
    chunk.release();
  }

  @Override
  public String toString() {
    return "chunks " + file;
  }
}
