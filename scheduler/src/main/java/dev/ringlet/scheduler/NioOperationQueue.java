package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Operations in the order of their submission, linked through themselves: a connection has two of
 * these and nearly always less than two entries in each. Owner executor only.
 */
final class NioOperationQueue {
  private @Nullable NioOperation head;
  private @Nullable NioOperation tail;

  boolean isEmpty() {
    return head == null;
  }

  @Nullable NioOperation peek() {
    return head;
  }

  void add(NioOperation operation) {
    if (tail == null) {
      head = operation;
    } else {
      tail.next = operation;
    }
    tail = operation;
  }

  @Nullable NioOperation poll() {
    NioOperation first = head;
    if (first != null) {
      unlink(null, first);
    }
    return first;
  }

  /** Takes one out, wherever it stands; steps over those before it. */
  boolean remove(NioOperation operation) {
    NioOperation previous = null;
    for (NioOperation each = head; each != null; each = each.next) {
      if (each == operation) {
        unlink(previous, each);
        return true;
      }
      previous = each;
    }
    return false;
  }

  private void unlink(@Nullable NioOperation previous, NioOperation operation) {
    NioOperation after = operation.next;
    operation.next = null;
    if (previous == null) {
      head = after;
    } else {
      previous.next = after;
    }
    if (tail == operation) {
      tail = previous;
    }
  }
}
