package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/** An operation's place in the line for memory. Owner executor only. */
final class MemoryWait {
  final Operation<?> operation;
  final int bytes;
  @Nullable MemoryWait previous;
  @Nullable MemoryWait next;

  MemoryWait(Operation<?> operation, int bytes) {
    this.operation = operation;
    this.bytes = bytes;
  }
}
