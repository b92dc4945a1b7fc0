package dev.ringlet.scheduler;

/**
 * A feed of what was read of a file before somebody takes it. What nobody can take now, for want of
 * demand or because the actor awaits something, gives way to those who wait for memory, or they
 * would wait for each other: who merges two files asks the second for more before the first.
 *
 * <p>Where there is demand and the actor goes on, its turns give the memory on by themselves. Owner
 * executor only.
 */
abstract class ReadingFeed<T> extends Feed<T> {
  private final Window window = new Window();

  ReadingFeed(CoreExecutor executor, ActorCell<?> cell, Outlet<? super T> outlet) {
    super(executor, cell, outlet);
  }

  /** Ends all reads whose bytes nobody has; {@link #refill} will read them again. */
  abstract void forget();

  /** Ends all reads for good. */
  abstract void dropReads();

  /**
   * Whether a read may be started now. While the actor awaits something its own reads would have to
   * give way to each other; it goes on when the actor does.
   */
  final boolean mayRead() {
    if (cell().isSuspended()) {
      goOnLater();
      return false;
    }
    return !hasEnded();
  }

  /** A read is about to be started; after {@link #mayRead} only. */
  final void readBegins() {
    pool().readAheads().add(window);
  }

  /** No read is under way, and none waits to be taken. */
  final void holdsNothing() {
    pool().readAheads().remove(window);
  }

  private BufferPool pool() {
    return executor().buffers();
  }

  @Override
  final void rest() {
    if (pool().isAwaited()) {
      window.giveUp();
    }
  }

  @Override
  final void release() {
    holdsNothing();
    dropReads();
  }

  private final class Window extends ReadAhead {
    @Override
    void giveUp() {
      if (hasEnded() || (hasDemand() && !cell().isSuspended())) {
        return;
      }
      holdsNothing();
      forget();
      if (hasDemand()) {
        goOnLater();
      }
    }
  }
}
