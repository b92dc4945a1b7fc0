package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The log of a shard, and while it is compacted the one that takes its place: as one log to the
 * shard. <b>Thread:</b> the shard's.
 */
final class ShardLogs {
  private final KeySpace keys;
  private final Compaction compaction;
  private final Followers followers = new Followers();
  private ShardLog current;
  private boolean closing;

  /** Whether the last write has failed and is repeated when the compaction has ended. */
  private boolean postponed;

  /**
   * Creates it.
   *
   * @param log open, and replayed to its end
   * @param keys what the log is about; changes of it are logged from now on
   * @param config the server's settings
   * @param shard which shard it is
   */
  ShardLogs(ShardLog log, KeySpace keys, KvConfig config, int shard) {
    this.keys = keys;
    this.current = log;
    this.compaction = new Compaction(this, keys, config, shard);
    keys.journalTo(log.journal());
    keys.logStats().sizeBytes = log.sizeBytes();
  }

  /** The one under the log's name. */
  ShardLog current() {
    return current;
  }

  Followers followers() {
    return followers;
  }

  boolean isClosing() {
    return closing;
  }

  /** Where the next record goes. */
  long appended() {
    return current.appended();
  }

  /** Whether a reply may leave that shows the log up to a position. */
  boolean mayAnswer(long position) {
    ShardLog next = compaction.successor();
    return current.mayAnswer(position)
        && (next == null || !compaction.isGated() || next.mayAnswer(position))
        && compaction.backlogBytes() <= ShardLog.MAX_BACKLOG_BYTES;
  }

  /** The reply to commands that write, or null when they can be executed. */
  @Nullable Reply refusal() {
    Reply refusal = current.refusal();
    ShardLog next = compaction.successor();
    return refusal != null || next == null ? refusal : next.refusal();
  }

  boolean wantsFlush() {
    ShardLog next = compaction.successor();
    return current.wantsFlush() || (next != null && next.wantsFlush());
  }

  void flush(ActorContext<ShardMessage> context) {
    current.flush(context);
    ShardLog next = compaction.successor();
    if (next != null) {
      next.flush(context);
    }
  }

  void onWritten(ShardMessage.Written result, ActorContext<ShardMessage> context) {
    ShardLog log = result.log();
    Exception failure = result.failure();
    if (failure != null && !closing && log == current && compaction.cancel(failure, context)) {
      postponed = true;
      log.postpone();
      return;
    }
    if (failure != null && log == compaction.successor()) {
      var unused = compaction.onSuccessorFailed(failure, context);
    }
    log.onWritten(result, context);
    advance(context);
  }

  void onSynced(ShardMessage.Synced result, ActorContext<ShardMessage> context) {
    Exception failure = result.failure();
    if (failure != null && result.log() == compaction.successor()) {
      var unused = compaction.onSuccessorFailed(failure, context);
    }
    result.log().onSynced(result, context);
    advance(context);
  }

  private void advance(ActorContext<ShardMessage> context) {
    keys.logStats().sizeBytes = current.sizeBytes();
    compaction.advance(context);
    compaction.startIfDue(context);
    tellFollowers();
  }

  /** Compacts the log if it is so long that it pays. */
  void compactIfDue(ActorContext<ShardMessage> context) {
    compaction.startIfDue(context);
  }

  void onCompaction(CompactionMessage message, ActorContext<ShardMessage> context) {
    compaction.receive(message, context);
    tellFollowers();
  }

  /** The log has another file now, which is the same from a position on. */
  void switchTo(ShardLog next, long position) {
    current = next;
    keys.logStats().sizeBytes = next.sizeBytes();
    followers.onReplaced(next, position);
  }

  /** Nothing of the compaction is left but the log. */
  void onCompactionEnded(ActorContext<ShardMessage> context) {
    followers.admitNewcomers(current);
    if (postponed) {
      postponed = false;
      current.onRetryDue(context);
    }
    if (closing) {
      current.close(context);
    } else {
      compaction.startIfDue(context);
    }
  }

  void onFollow(ActorRef<ChangeSource.Message> follower, ActorContext<ShardMessage> context) {
    followers.add(follower, current, compaction.isGated(), context);
  }

  void onFollowing(ActorRef<ChangeSource.Message> follower, ActorContext<ShardMessage> context) {
    followers.onReady(follower);
    compaction.advance(context);
  }

  void onFollowerGone(ActorRef<ChangeSource.Message> follower, ActorContext<ShardMessage> context) {
    followers.remove(follower);
    compaction.advance(context);
  }

  void onAwaitCommit(ShardMessage.AwaitCommit question) {
    followers.await(question, followable());
  }

  private void tellFollowers() {
    followers.tell(followable());
  }

  /** Up to where followers may read. */
  private long followable() {
    return Math.min(current.committed(), compaction.switchPosition());
  }

  /**
   * Writes and syncs what is left, then closes the log; the end is {@code FileClosed}. A compaction
   * that is under way ends before.
   */
  void close(ActorContext<ShardMessage> context) {
    closing = true;
    var unused = compaction.cancel(new CancellationException("the server stops"), context);
    if (!compaction.isActive()) {
      current.close(context);
    }
  }

  /**
   * A file is closed.
   *
   * @return whether it was that of the log, and all is done
   */
  boolean onFileClosed(ShardMessage.FileClosed closed, ActorContext<ShardMessage> context) {
    if (closed.log() == current) {
      return true;
    }
    compaction.onFileClosed(closed, context);
    return false;
  }

  /** Whether everything that was appended has become durable. */
  boolean isComplete() {
    return current.isComplete();
  }
}
