package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoException;
import org.jspecify.annotations.Nullable;

/** What a {@link ShardActor} is told. */
sealed interface ShardMessage
    permits ShardMessage.Loaded,
        ShardMessage.LoadFailed,
        ShardMessage.Flush,
        ShardMessage.Written,
        ShardMessage.Synced,
        ShardMessage.SyncDue,
        ShardMessage.RetryDue,
        ShardMessage.Sweep,
        ShardMessage.Follow,
        ShardMessage.Following,
        ShardMessage.FollowerGone,
        ShardMessage.AwaitCommit,
        ShardMessage.Close,
        ShardMessage.FileClosed,
        CompactionMessage,
        ShardBatch {
  /**
   * The log was replayed.
   *
   * @param keys what it holds
   * @param file open for reading and writing
   * @param salt of the file
   * @param end where the next record goes
   */
  record Loaded(KeySpace keys, AsyncFile file, long salt, long end) implements ShardMessage {}

  /**
   * The log cannot be used.
   *
   * @param failure why
   */
  record LoadFailed(KvStartException failure) implements ShardMessage {}

  /** The commands that were waiting have been executed; what they changed can be written. */
  record Flush() implements ShardMessage {}

  /**
   * A write to a log has ended.
   *
   * @param log which one
   * @param bytes how many were written
   * @param failure null if all is well
   */
  record Written(ShardLog log, int bytes, @Nullable IoException failure) implements ShardMessage {}

  /**
   * A sync of a log has ended.
   *
   * @param log which one
   * @param position up to where the log survives a power loss now
   * @param failure null if all is well
   */
  record Synced(ShardLog log, long position, @Nullable IoException failure)
      implements ShardMessage {}

  /**
   * A second has passed since the first write that is not synced.
   *
   * @param log of which log
   */
  record SyncDue(ShardLog log) implements ShardMessage {}

  /**
   * A write that has failed can be tried again.
   *
   * @param log to which log
   */
  record RetryDue(ShardLog log) implements ShardMessage {}

  /**
   * Remove some expired keys.
   *
   * @param replyTo is told how it went
   */
  record Sweep(ActorRef<Sweeper.Message> replyTo) implements ShardMessage {}

  /**
   * Tell where the log is, now and whenever that changes.
   *
   * @param follower is told, until it stops
   */
  record Follow(ActorRef<ChangeSource.Message> follower) implements ShardMessage {}

  /**
   * The log is open where it was last said to be.
   *
   * @param follower has opened it
   */
  record Following(ActorRef<ChangeSource.Message> follower) implements ShardMessage {}

  /**
   * Nobody follows the log there any more.
   *
   * @param follower has stopped
   */
  record FollowerGone(ActorRef<ChangeSource.Message> follower) implements ShardMessage {}

  /**
   * Tell when more of the log is committed.
   *
   * @param position up to where the asker knows it
   * @param replyTo is told the position once it is larger
   */
  record AwaitCommit(long position, ActorRef<ChangeSource.Message> replyTo)
      implements ShardMessage {}

  /**
   * Write and sync everything, close the log, execute no more commands.
   *
   * @param replyTo is told when it is done, whether the log is complete
   */
  record Close(ActorRef<Boolean> replyTo) implements ShardMessage {}

  /**
   * A log is closed.
   *
   * @param log which one
   * @param failure null if all is well
   */
  record FileClosed(ShardLog log, @Nullable IoException failure) implements ShardMessage {}
}
