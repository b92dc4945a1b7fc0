package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/** Who of an executor holds memory that it could give up. Owner executor only. */
final class ReadAheads {
  private @Nullable ReadAhead first;

  void add(ReadAhead ahead) {
    if (ahead.listed) {
      return;
    }
    ahead.listed = true;
    ReadAhead head = first;
    ahead.next = head;
    if (head != null) {
      head.previous = ahead;
    }
    first = ahead;
  }

  void remove(ReadAhead ahead) {
    if (!ahead.listed) {
      return;
    }
    ahead.listed = false;
    ReadAhead before = ahead.previous;
    ReadAhead after = ahead.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
    ahead.previous = null;
    ahead.next = null;
  }

  /** Somebody waits for memory. */
  void giveUp() {
    ReadAhead next;
    for (ReadAhead each = first; each != null; each = next) {
      next = each.next;
      each.giveUp();
    }
  }
}
