package dev.ringlet.testkit;

/** What a {@link QuiescenceCheck} finds wrong. */
public enum Finding {
  /** Messages were lost. */
  DEAD_LETTERS,

  /** A turn has kept its executor too long; seen where the pool detects stalls. */
  STALLS,

  /** Buffers were not released. */
  LEAKED_BUFFERS,

  /** Actors still handle messages, or work is still offloaded. */
  UNREST
}
