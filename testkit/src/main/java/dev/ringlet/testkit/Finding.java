package dev.ringlet.testkit;

/**
 * What a {@link QuiescenceCheck} finds wrong, or what is wrong at the end of a {@linkplain
 * dev.ringlet.testkit.sim.SimSystem simulation}.
 */
public enum Finding {
  /**
   * Messages were lost; in a simulation only if it is {@linkplain
   * dev.ringlet.testkit.sim.SimSystem#forbid forbidden}.
   */
  DEAD_LETTERS,

  /** A turn has kept its executor too long; seen where the pool detects stalls. */
  STALLS,

  /** Buffers were not released. */
  LEAKED_BUFFERS,

  /** Actors still handle messages, or work is still offloaded. */
  UNREST,

  /** An actor or a task has thrown an {@link AssertionError}; seen in simulations. */
  FAILED_ASSERTION,

  /** An executor had messages to handle, and nobody had woken it; seen in simulations. */
  LOST_WAKEUP,

  /** An actor was not told of the end of one that it watches; seen in simulations. */
  UNANSWERED_WATCH,

  /** Operations of a system that was closed have not come to their end; seen in simulations. */
  OPERATIONS_IN_FLIGHT,

  /**
   * Files or sockets were open until their system was closed; in a simulation only if it is
   * {@linkplain dev.ringlet.testkit.sim.SimSystem#forbid forbidden}.
   */
  OPEN_HANDLES,

  /** Actors live on in a system that was closed, or it has not ended; seen in simulations. */
  SURVIVORS,

  /** The counters of a driver or an executor contradict each other; seen in simulations. */
  WRONG_COUNTERS,

  /** The kernel was used as it must not be; seen in simulations. */
  MISUSE
}
