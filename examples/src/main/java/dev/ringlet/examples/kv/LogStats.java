package dev.ringlet.examples.kv;

/** What INFO tells of a shard's log. <b>Thread:</b> the shard's. */
final class LogStats {
  /** How long the log is. */
  long sizeBytes;

  /** Whether it is being compacted. */
  boolean compacting;

  /** How often it was compacted since the start, and how often that has failed. */
  long compactions;

  long failures;

  /** How long its compactions took together. */
  long compactingMillis;

  /** How many bytes they saved together. */
  long savedBytes;

  void compacted(long before, long after, long millis) {
    compactions++;
    compactingMillis += millis;
    savedBytes += before - after;
  }
}
