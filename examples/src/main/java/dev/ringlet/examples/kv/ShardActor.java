package dev.ringlet.examples.kv;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Owns the keys of one shard and their log: executes the batches of all connections one after the
 * other, and lets the answers go when the log is as safe as was promised.
 *
 * <p>It lives in the latency class; replay of the log at the start and the sweeping of expired keys
 * are children in the background class, and reach the keys only by messages.
 */
final class ShardActor implements Actor<ShardMessage> {
  private static final ShardMessage FLUSH = new ShardMessage.Flush();
  private static final Reply CLOSING = Replies.error("ERR the server is shutting down");

  /** Bounds of one step of sweeping, about 0.1 ms. */
  private static final int SWEEP_PAGES = 256;

  private static final int SWEEP_REMOVALS = 256;

  private final KvConfig config;
  private final int index;
  private final CompletableFuture<Void> loaded;
  private final ArrayDeque<ShardBatch> waiting = new ArrayDeque<>();
  private final Doubts doubts = new Doubts();
  private @Nullable ShardEngine engine;
  private @Nullable ShardLogs log;
  private @Nullable ActorRef<Boolean> closer;
  private boolean flushing;

  /**
   * Creates one.
   *
   * @param config the server's settings
   * @param index which shard it is
   * @param loaded completed when its log was replayed, or failed with {@link KvStartException}
   */
  ShardActor(KvConfig config, int index, CompletableFuture<Void> loaded) {
    this.config = config;
    this.index = index;
    this.loaded = loaded;
  }

  @Override
  public void preStart(ActorContext<ShardMessage> context) {
    ActorRef<ShardMessage> self = context.self();
    context.spawn(
        () -> new Replayer(config, index, self),
        ActorOptions.named("replayer").withPriorityClass(KvClasses.BACKGROUND));
  }

  @Override
  public void receive(ShardMessage message, ActorContext<ShardMessage> context) {
    if (message instanceof ShardBatch batch) {
      onBatch(batch, context);
    } else if (message instanceof ShardMessage.Flush) {
      flushing = false;
      log().flush(context);
    } else if (message instanceof ShardMessage.Written written) {
      log().onWritten(written, context);
      answerWaiting();
    } else if (message instanceof ShardMessage.Synced synced) {
      log().onSynced(synced, context);
      answerWaiting();
    } else if (message instanceof ShardMessage.SyncDue due) {
      due.log().onSyncDue(context);
    } else if (message instanceof ShardMessage.RetryDue due) {
      due.log().onRetryDue(context);
    } else if (message instanceof CompactionMessage compaction) {
      log().onCompaction(compaction, context);
      answerWaiting();
      scheduleFlush(context); // a page of keys may have removed some that had expired
    } else if (message instanceof ShardMessage.Sweep sweep) {
      onSweep(sweep, context);
    } else if (message instanceof ShardMessage.AwaitCommit follower) {
      log().onAwaitCommit(follower);
    } else if (message instanceof ShardMessage.Follow follow) {
      log().onFollow(follow.follower(), context);
    } else if (message instanceof ShardMessage.Following following) {
      log().onFollowing(following.follower(), context);
    } else if (message instanceof ShardMessage.FollowerGone gone) {
      log().onFollowerGone(gone.follower(), context);
    } else if (message instanceof ShardMessage.Loaded result) {
      onLoaded(result, context);
    } else if (message instanceof ShardMessage.LoadFailed result) {
      loaded.completeExceptionally(result.failure());
    } else if (message instanceof ShardMessage.Close close) {
      onClose(close, context);
    } else if (message instanceof ShardMessage.FileClosed closed
        && log().onFileClosed(closed, context)) {
      Objects.requireNonNull(closer).tell(log().isComplete());
    }
  }

  private ShardEngine engine() {
    return Objects.requireNonNull(engine, "the shard is not loaded");
  }

  private ShardLogs log() {
    return Objects.requireNonNull(log, "the shard is not loaded");
  }

  private void onLoaded(ShardMessage.Loaded result, ActorContext<ShardMessage> context) {
    ShardLog found = new ShardLog(result.file(), result.salt(), result.end(), config.fsync());
    log = new ShardLogs(found, result.keys(), config, index);
    engine = new ShardEngine(result.keys(), config.maxMemoryBytes() / config.shards());
    ActorRef<ShardMessage> self = context.self();
    context.spawn(
        () -> new Sweeper(self),
        ActorOptions.named("sweeper").withPriorityClass(KvClasses.BACKGROUND));
    log().compactIfDue(context);
    loaded.complete(null);
  }

  private void onBatch(ShardBatch batch, ActorContext<ShardMessage> context) {
    if (closer != null) {
      batch.refuse(CLOSING);
      batch.answer();
      return;
    }
    batch.execute(engine(), config.surroundings().millis());
    ShardLogs shardLog = log();
    Reply refusal = shardLog.refusal();
    if (refusal != null) {
      // The log is not coming on: what it has not got is in doubt, all else can be shown.
      batch.fail(refusal, doubts);
      batch.answer();
      return;
    }
    batch.waitFor(shardLog.appended());
    if (waiting.isEmpty() && shardLog.mayAnswer(batch.logPosition())) {
      batch.answer();
    } else {
      waiting.add(batch);
    }
    scheduleFlush(context);
  }

  /** The message stands behind the batches that are there already, so they share the write. */
  private void scheduleFlush(ActorContext<ShardMessage> context) {
    if (!flushing && log().wantsFlush()) {
      flushing = true;
      context.self().tell(FLUSH);
    }
  }

  /** Lets answers go in order, as far as the log allows it or has failed. */
  private void answerWaiting() {
    ShardLogs shardLog = log();
    Reply refusal = shardLog.refusal();
    engine().refuseWrites(refusal);
    while (!waiting.isEmpty() && shardLog.mayAnswer(waiting.element().logPosition())) {
      waiting.remove().answer();
    }
    if (refusal != null) {
      waiting.forEach(batch -> batch.addTo(doubts, shardLog.appended()));
      for (ShardBatch batch = waiting.poll(); batch != null; batch = waiting.poll()) {
        batch.fail(refusal, doubts);
        batch.answer();
      }
    } else if (!doubts.isEmpty() && shardLog.mayAnswer(doubts.position())) {
      doubts.clear();
    }
  }

  private void onSweep(ShardMessage.Sweep sweep, ActorContext<ShardMessage> context) {
    KeySpace keys = engine().keys();
    int removed = 0;
    if (log().refusal() == null && closer == null) {
      removed = keys.sweep(config.surroundings().millis(), SWEEP_PAGES, SWEEP_REMOVALS);
      scheduleFlush(context);
    }
    sweep.replyTo().tell(new Sweeper.Swept(removed, keys.sweepPages(), SWEEP_PAGES));
  }

  private void onClose(ShardMessage.Close close, ActorContext<ShardMessage> context) {
    closer = close.replyTo();
    if (log == null) {
      close.replyTo().tell(true);
    } else {
      log.close(context);
    }
  }
}
