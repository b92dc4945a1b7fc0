package dev.ringlet.examples.kv;

/** What a log turned out to be when all of it was read. Immutable. */
sealed interface LogVerdict {
  /**
   * Every record is good.
   *
   * @param end where the next record begins
   */
  record Clean(long end) implements LogVerdict {}

  /**
   * The last record is incomplete or damaged, as after a crash, and what follows had not been
   * synced.
   *
   * @param cutTo the end of the last good record
   */
  record Torn(long cutTo) implements LogVerdict {}

  /**
   * A record in the middle is damaged that had been synced: a cut would lose it and what follows.
   *
   * @param offset where the damaged record begins
   * @param nextValid where the next good record begins, or the same offset if the damaged record's
   *     checksum is right but its content is unknown
   */
  record Corrupt(long offset, long nextValid) implements LogVerdict {}
}
