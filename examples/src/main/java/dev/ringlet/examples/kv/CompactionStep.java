package dev.ringlet.examples.kv;

/** How far a {@link Compaction} has come. */
enum CompactionStep {
  /** The new file is there, with nothing in it. */
  CREATED,
  /** Another page of keys, and the changes before it, are on their way into the new file. */
  PAGE,
  /** All keys are in it; from now on the shard writes each change to both files. */
  COPIED,
  /** The new file survives a power loss; from now on answers wait for both files. */
  SYNCED,
  /** The new file has all that was ever answered. */
  COMPLETE,
  /** It has the log's name. */
  RENAMED,
  /** The name survives a power loss. */
  FOLDER_SYNCED,
  /** The shard writes to the new file only. */
  SWITCHED,
  /** The old file is gone. */
  FINISHED
}
