package dev.ringlet.scheduler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What most idle actors do not have; made with the first use. Owner executor only. */
final class CellExtras {
  final Children children = new Children();

  /** The requests that end with the cell. */
  @Nullable Source firstSource;

  @Nullable CellTimers<?> timers;

  /** The rest of a turn: a {@link Runnable} after a yield, the {@link Operation} of an await. */
  @Nullable Object continuation;

  /** What the turn threw that is being recovered from by a restart. */
  @Nullable Throwable failure;

  /** What a child has failed with, and this actor is to fail with. */
  @Nullable Throwable childFailure;

  @Nullable RestartHistory restarts;

  /** What the actor waits to be over, by whom it watches. */
  private @Nullable Map<ActorCell<?>, Watch> watches;

  /** Who watches it. */
  @Nullable Set<Watch> watchers;

  /** What the factory has made, if another object handles the messages now. */
  @Nullable Class<?> firstClass;

  /** Messages that are put aside. */
  @Nullable Deque<Object> stash;

  /** How long the next instance is waited for. */
  long restartDelayNanos;

  /** The pause before a restart. */
  @Nullable Timer restartPause;

  Map<ActorCell<?>, Watch> watches() {
    if (watches == null) {
      watches = new HashMap<>();
    }
    return watches;
  }

  @Nullable Watch forgetWatch(ActorCell<?> watched) {
    return watches == null ? null : watches.remove(watched);
  }

  void endWatches() {
    if (watches != null) {
      watches.values().forEach(Watch::end);
      watches = null;
    }
  }

  Set<Watch> watchers() {
    if (watchers == null) {
      watchers = new LinkedHashSet<>();
    }
    return watchers;
  }

  Deque<Object> stash() {
    if (stash == null) {
      stash = new ArrayDeque<>();
    }
    return stash;
  }
}
