package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorRef;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** What a {@link Compaction} is told, by way of its shard. */
sealed interface CompactionMessage extends ShardMessage {
  /**
   * The compactor has encoded what it was given.
   *
   * @param copy the new log; the shard's until it answers
   * @param replyTo the compactor
   */
  record Next(LogCopy copy, ActorRef<Compactor.Message> replyTo) implements CompactionMessage {}

  /**
   * The compactor has ended before the copy was complete; its file is removed.
   *
   * @param cause why
   */
  record CopyFailed(Throwable cause) implements CompactionMessage {}

  /**
   * The attempt to give the new file the log's name has ended.
   *
   * @param old keeps the old file's blocks from being freed; null if the names are as before
   * @param failure why
   */
  record Renamed(@Nullable FileChannel old, @Nullable Throwable failure)
      implements CompactionMessage {}

  /**
   * The new file has the log's name, and the folder was synced, or could not be.
   *
   * @param old keeps the old file's blocks from being freed
   * @param unsynced null, or why the name may not survive a power loss
   */
  record Replaced(FileChannel old, @Nullable Throwable unsynced) implements CompactionMessage {}

  /**
   * The file that is not needed any more is gone: the old one, or the new one after a failure.
   *
   * @param failure null if all is well
   */
  record Removed(@Nullable Throwable failure) implements CompactionMessage {}

  /** The pause after a failure is over. */
  record Retry() implements CompactionMessage {}
}
