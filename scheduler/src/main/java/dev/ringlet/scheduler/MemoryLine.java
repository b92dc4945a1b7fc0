package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/** Operations that wait for memory, first come, first served. Owner executor only. */
final class MemoryLine {
  private final Counter length = new Counter();
  private @Nullable MemoryWait first;
  private @Nullable MemoryWait last;

  /** Any thread. */
  long length() {
    return length.get();
  }

  boolean isEmpty() {
    return first == null;
  }

  @Nullable MemoryWait first() {
    return first;
  }

  void add(MemoryWait wait) {
    length.add(1);
    MemoryWait before = last;
    wait.previous = before;
    if (before == null) {
      first = wait;
    } else {
      before.next = wait;
    }
    last = wait;
  }

  void remove(MemoryWait wait) {
    length.add(-1);
    MemoryWait before = wait.previous;
    MemoryWait after = wait.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    wait.previous = null;
    wait.next = null;
  }
}
