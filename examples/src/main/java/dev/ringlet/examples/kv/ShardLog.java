package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Writes a shard's changes to its file, many in one write: what comes while a write is under way
 * goes with the next one. <b>Thread:</b> the shard's.
 *
 * <p>There is only one write at a time, so that the file never has a hole with data behind it. With
 * {@link FsyncPolicy#ALWAYS} each write, or a few under heavy load, is followed by a sync before
 * the next begins.
 *
 * <pre>
 * appended  >=  written  >=  durable
 *    |             |            +-- survives a power loss
 *    |             +-- survives the end of this process
 *    +-- in memory only
 * </pre>
 *
 * Positions are those of the shard, which go on when the log is replaced by a shorter one: the
 * position of a byte is its offset in the file plus {@link #base()}.
 *
 * <p>A failed write is tried again every second, from the same place; until it succeeds, commands
 * that write are refused. A failed sync is for good: the kernel may have dropped the data and would
 * report success the next time.
 */
final class ShardLog {
  private static final Logger LOG = System.getLogger(ShardLog.class.getName());
  private static final int MAX_WRITE_BYTES = 256 << 10;
  private static final Duration SYNC_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  /** With {@link FsyncPolicy#ALWAYS}: sync after so many bytes even if more wait to be written. */
  private static final long MAX_UNSYNCED_BYTES = 8L << 20;

  /** Replies are held back while so many bytes wait to be written. */
  static final long MAX_BACKLOG_BYTES = 32L << 20;

  private final AsyncFile file;
  private final FsyncPolicy policy;
  private final LogBuffer buffer;
  private final LogEncoder encoder;
  private final long base;
  private final ShardMessage syncDue = new ShardMessage.SyncDue(this);
  private final ShardMessage retryDue = new ShardMessage.RetryDue(this);
  private long written;
  private long durable;

  /** Where the last record ends whose sync the file tells of, as far as that is known here. */
  private long sealed;

  private boolean writing;
  private boolean syncing;
  private boolean syncArmed;
  private boolean retryArmed;
  private boolean closing;
  private boolean fileClosing;
  private boolean lost;
  private boolean abandoned;
  private @Nullable Reply refusal;

  ShardLog(AsyncFile file, long salt, long end, FsyncPolicy policy) {
    this.file = file;
    this.policy = policy;
    this.buffer = new LogBuffer();
    this.encoder = new LogEncoder(salt, end, buffer);
    this.base = 0;
    this.written = end;
    this.durable = end;
    this.sealed = end;
    encoder.synced(end);
  }

  /**
   * Goes on with a copy of another log.
   *
   * @param copy this log's from now on
   * @param position where the next record goes
   */
  ShardLog(LogCopy copy, long position, FsyncPolicy policy) {
    this.file = copy.file();
    this.policy = policy;
    this.buffer = copy.buffer();
    this.encoder = copy.encoder();
    this.base = position - copy.encoder().offset();
    this.written = copy.written();
    this.durable = copy.synced();
  }

  /** Takes changes; they are written at the next {@link #flush}. */
  MutationSink journal() {
    return encoder;
  }

  /** Position of the first byte of the file. */
  long base() {
    return base;
  }

  /** How long the file will be when all is written. */
  long sizeBytes() {
    return encoder.offset();
  }

  /** Where the next record goes. */
  long appended() {
    return base + encoder.offset();
  }

  /** Up to where the log survives a power loss. */
  long durable() {
    return base + durable;
  }

  /** Up to where the log is as safe as the policy promises for an answer. */
  long committed() {
    return base + (policy == FsyncPolicy.ALWAYS ? durable : written);
  }

  /** How much waits to be written. */
  long backlogBytes() {
    return buffer.size();
  }

  /** Whether a reply may leave that shows the log up to a position. */
  boolean mayAnswer(long position) {
    return policy == FsyncPolicy.ALWAYS
        ? position <= durable()
        : position - committed() <= MAX_BACKLOG_BYTES;
  }

  /** Whether nothing can be written any more. */
  boolean isLost() {
    return lost;
  }

  /** The reply to commands that write, or null when they can be executed. */
  @Nullable Reply refusal() {
    return refusal;
  }

  /** Whether {@link #flush} would start a write. */
  boolean wantsFlush() {
    boolean busy = writing || (syncing && policy == FsyncPolicy.ALWAYS);
    return !busy && !lost && !retryArmed && buffer.size() > 0;
  }

  /** Starts a write if there is something to write and none is under way. */
  void flush(ActorContext<ShardMessage> context) {
    if (!wantsFlush()) {
      closeWhenDone(context);
      return;
    }
    int length = (int) Math.min(buffer.size(), MAX_WRITE_BYTES);
    IoBuffer target = context.io().buffer(length);
    buffer.copyTo(target, length);
    writing = true;
    context.pipe(
        file.write(written, target),
        (count, failure) -> new ShardMessage.Written(this, count == null ? 0 : count, failure));
  }

  void onWritten(ShardMessage.Written result, ActorContext<ShardMessage> context) {
    writing = false;
    if (abandoned) {
      closeWhenDone(context);
      return;
    }
    if (result.failure() != null) {
      writeFailed(result.failure(), context);
      return;
    }
    buffer.consume(result.bytes());
    written += result.bytes();
    if (refusal != null && !lost) {
      LOG.log(Level.INFO, file.path() + ": writing works again");
      refusal = null;
    }
    if (policy == FsyncPolicy.ALWAYS) {
      boolean more = buffer.size() >= MAX_WRITE_BYTES && written - durable < MAX_UNSYNCED_BYTES;
      if (!more) {
        sync(context);
      }
    } else if (policy == FsyncPolicy.EVERYSEC && !syncArmed) {
      syncArmed = true;
      context.timers().once(syncDue, SYNC_INTERVAL, syncDue);
    }
    flush(context);
  }

  private void writeFailed(IoException failure, ActorContext<ShardMessage> context) {
    if (refusal == null) {
      LOG.log(Level.ERROR, "the log cannot be written; commands that write are refused", failure);
    }
    refusal = Errors.logFailed(reason(failure));
    if (closing) {
      lost = true;
      closeWhenDone(context);
    } else {
      retryArmed = true;
      context.timers().once(retryDue, RETRY_INTERVAL, retryDue);
    }
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }

  void onRetryDue(ActorContext<ShardMessage> context) {
    retryArmed = false;
    flush(context);
  }

  void onSyncDue(ActorContext<ShardMessage> context) {
    syncArmed = false;
    sync(context);
  }

  /** Starts a sync of what is written, unless there is nothing to sync or one is under way. */
  void sync(ActorContext<ShardMessage> context) {
    if (syncing || lost || durable == written) {
      return;
    }
    syncing = true;
    long position = written;
    context.pipe(
        file.dataSync(), (nothing, failure) -> new ShardMessage.Synced(this, position, failure));
  }

  /** Starts a sync unless it is not needed for a position, or follows a write anyway. */
  void syncUpTo(long position, ActorContext<ShardMessage> context) {
    boolean follows = writing && policy == FsyncPolicy.ALWAYS;
    if (durable() < position && !follows) {
      sync(context);
    }
  }

  void onSynced(ShardMessage.Synced result, ActorContext<ShardMessage> context) {
    syncing = false;
    if (abandoned) {
      closeWhenDone(context);
      return;
    }
    if (result.failure() == null) {
      durable = result.position();
      encoder.synced(durable);
    } else {
      lose(result.failure());
    }
    flush(context);
  }

  /** Gives up: what was to survive a power loss may not. */
  void lose(Throwable cause) {
    lost = true;
    refusal = Errors.logFailed(reason(cause));
    LOG.log(
        Level.ERROR,
        "the log cannot be synced; commands that write are refused until a restart",
        cause);
  }

  /** A write has failed that can be tried again soon, when {@link #onRetryDue} is called. */
  void postpone() {
    writing = false;
    retryArmed = true;
  }

  /** Closes the file without writing the rest: another log has it. */
  void abandon(ActorContext<ShardMessage> context) {
    abandoned = true;
    lost = true;
    closing = true;
    closeWhenDone(context);
  }

  /** Writes and syncs what is left, then closes the file; the end is {@code FileClosed}. */
  void close(ActorContext<ShardMessage> context) {
    closing = true;
    retryArmed = false;
    flush(context);
  }

  private void closeWhenDone(ActorContext<ShardMessage> context) {
    if (!closing || fileClosing || writing || syncing) {
      return;
    }
    if (!lost && durable < written) {
      sync(context);
      return;
    }
    if (!lost && sealed < encoder.offset()) {
      encoder.seal();
      sealed = encoder.offset();
      flush(context);
      return;
    }
    fileClosing = true;
    context.pipe(file.close(), (nothing, failure) -> new ShardMessage.FileClosed(this, failure));
  }

  /** Whether everything that was appended has become durable. */
  boolean isComplete() {
    return durable() == appended();
  }
}
