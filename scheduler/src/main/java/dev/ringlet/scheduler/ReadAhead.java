package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Memory with what was read before anybody can take it. It is given up when others wait for memory,
 * and read again when its turn has come. Owner executor only.
 */
abstract class ReadAhead {
  // The list's.

  @Nullable ReadAhead previous;
  @Nullable ReadAhead next;
  boolean listed;

  /** Gives up what nobody can take now. May leave the list, but not have others leave it. */
  abstract void giveUp();
}
