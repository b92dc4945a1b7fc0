package dev.ringlet.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The advisory locks on one file; each open file has its own. The simulation's thread. */
final class RangeLocks {
  private final List<Held> held = new ArrayList<>(0);

  private record Held(OpenFile owner, long from, long to, boolean shared) {
    boolean overlaps(long otherFrom, long otherTo) {
      return from < otherTo && otherFrom < to;
    }
  }

  /** Who holds a lock that is against this one. */
  @Nullable OpenFile against(OpenFile owner, long from, long to, boolean shared) {
    for (Held lock : held) {
      if (lock.owner() != owner && lock.overlaps(from, to) && !(shared && lock.shared())) {
        return lock.owner();
      }
    }
    return null;
  }

  /** In place of what the same owner holds of the range. */
  void lock(OpenFile owner, long from, long to, boolean shared) {
    release(owner, from, to);
    held.add(new Held(owner, from, to, shared));
  }

  void release(OpenFile owner, long from, long to) {
    for (Held lock : List.copyOf(held)) {
      if (lock.owner() == owner && lock.overlaps(from, to)) {
        held.remove(lock);
        if (lock.from() < from) {
          held.add(new Held(owner, lock.from(), from, lock.shared()));
        }
        if (to < lock.to()) {
          held.add(new Held(owner, to, lock.to(), lock.shared()));
        }
      }
    }
  }

  void releaseAll(OpenFile owner) {
    held.removeIf(lock -> lock.owner() == owner);
  }

  void clear() {
    held.clear();
  }
}
