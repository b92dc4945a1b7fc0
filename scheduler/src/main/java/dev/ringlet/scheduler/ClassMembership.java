package dev.ringlet.scheduler;

import dev.ringlet.executor.PriorityClass;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A priority class as one system knows it, and how many actors live in it: it can be removed only
 * when there are none. Any thread.
 *
 * <p>The default class is never removed, so it is not counted: most actors are spawned into it, on
 * all executors at once.
 */
final class ClassMembership {
  private static final int REMOVED = -1;

  private final PriorityClass priorityClass;
  private final boolean counted;
  private final AtomicInteger members = new AtomicInteger();

  ClassMembership(PriorityClass priorityClass) {
    this.priorityClass = priorityClass;
    this.counted = !priorityClass.equals(PriorityClass.DEFAULT);
  }

  PriorityClass priorityClass() {
    return priorityClass;
  }

  /**
   * One actor more.
   *
   * @return false if the class was removed
   */
  boolean enter() {
    if (!counted) {
      return true;
    }
    int now = members.get();
    while (now != REMOVED) {
      int seen = members.compareAndExchange(now, now + 1);
      if (seen == now) {
        return true;
      }
      now = seen;
    }
    return false;
  }

  /** One actor less. */
  void leave() {
    if (counted) {
      members.decrementAndGet();
    }
  }

  boolean isRemoved() {
    return members.get() == REMOVED;
  }

  void remove() {
    if (!counted) {
      throw new IllegalArgumentException(
          "priorityClass: " + priorityClass + "; the default class cannot be removed");
    }
    int left = members.compareAndExchange(0, REMOVED);
    if (left > 0) {
      throw new IllegalStateException(
          "priorityClass: "
              + priorityClass
              + "; "
              + left
              + " actors live in it; stop them or change their class first");
    }
  }
}
