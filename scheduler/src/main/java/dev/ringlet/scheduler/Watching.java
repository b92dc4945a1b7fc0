package dev.ringlet.scheduler;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whom one actor watches, and who watches it. Owner executor only. */
final class Watching {
  private final ActorCell<?> cell;

  /** What the actor waits to be over, by whom it watches; made with the first. */
  private @Nullable Map<ActorCell<?>, Watch> watches;

  /** Who watches it; made with the first. */
  private @Nullable Set<Watch> watchers;

  Watching(ActorCell<?> cell) {
    this.cell = cell;
  }

  // ---- whom it watches

  /** Has the actor told of the end of another; a later message takes the place of an earlier. */
  void watch(ActorCell<?> other, Object message) {
    if (watches == null) {
      watches = new LinkedHashMap<>();
    }
    Watch watch = watches.get(other);
    if (watch != null) {
      watch.replace(message);
    } else {
      watch = new Watch(cell, other, message);
      watches.put(other, watch);
      watch.begin();
    }
  }

  void unwatch(ActorCell<?> other) {
    Watch watch = watches == null ? null : watches.remove(other);
    if (watch != null) {
      watch.end();
    }
  }

  /** The actor is told now. */
  void told(ActorCell<?> other) {
    if (watches != null) {
      watches.remove(other);
    }
  }

  /** The actor does not want to know of anybody any more. */
  void unwatchAll() {
    if (watches != null) {
      watches.values().forEach(Watch::end);
      watches = null;
    }
  }

  /** Those who are no more, and of whom the actor was not told. Between turns of all executors. */
  void forEachOver(Consumer<ActorCell<?>> sink) {
    if (watches != null) {
      for (ActorCell<?> other : watches.keySet()) {
        if (other.isTerminated()) {
          sink.accept(other);
        }
      }
    }
  }

  // ---- who watches it

  void add(Watch watcher) {
    if (watchers == null) {
      watchers = new LinkedHashSet<>();
    }
    watchers.add(watcher);
  }

  void remove(Watch watcher) {
    if (watchers != null) {
      watchers.remove(watcher);
    }
  }

  int watcherCount() {
    return watchers == null ? 0 : watchers.size();
  }

  /** The actor is no more, or its executor ends without it. */
  void tellWatchers() {
    if (watchers != null) {
      watchers.forEach(Watch::tellWatcher);
      watchers = null;
    }
  }
}
