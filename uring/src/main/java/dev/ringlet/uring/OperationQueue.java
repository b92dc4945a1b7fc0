package dev.ringlet.uring;

import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out queue of operations, linked through themselves: no allocation, and removal
 * from the middle in one step. An operation stands in one queue at most.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class OperationQueue {
  private @Nullable Operation first;
  private @Nullable Operation last;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return first == null;
  }

  void add(Operation operation) {
    assert operation.queueNext == null && operation.queuePrevious == null && operation != first;
    Operation end = last;
    operation.queuePrevious = end;
    if (end == null) {
      first = operation;
    } else {
      end.queueNext = operation;
    }
    last = operation;
    size++;
  }

  @Nullable Operation poll() {
    Operation operation = first;
    if (operation != null) {
      remove(operation);
    }
    return operation;
  }

  void remove(Operation operation) {
    Operation before = operation.queuePrevious;
    Operation after = operation.queueNext;
    if (before == null) {
      assert first == operation : "not in this queue: " + operation;
      first = after;
    } else {
      before.queueNext = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.queuePrevious = before;
    }
    operation.queuePrevious = null;
    operation.queueNext = null;
    size--;
  }
}
