package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import org.jspecify.annotations.Nullable;

/** Where a subscription's elements and its end go, in turns of the cell that subscribed. */
abstract class Outlet<T> {
  abstract void element(ActorCell<?> cell, T element) throws Exception;

  /** Whether anybody waits for what was asked for. */
  boolean isAwaited() {
    return true;
  }

  /**
   * The subscription has ended; nothing comes any more.
   *
   * @param failure why, or null for the regular end
   */
  abstract void end(ActorCell<?> cell, @Nullable IoException failure) throws Exception;
}
