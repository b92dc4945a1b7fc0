package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a shard's log by a shorter one that gives the same keys, while the shard goes on.
 * <b>Thread:</b> the shard's.
 *
 * <p>The keys are copied a page at a time, in the order of their slots, and every change that is
 * made meanwhile is put into the new log between the pages, where it happened. A key that is not
 * touched while its page waits is copied once; one that is touched may be in the new log several
 * times, and what comes last there is what came last in the shard. So the copy needs no frozen view
 * of the keys: what is deleted before its page comes is not copied, what is deleted later has its
 * deletion behind the copy, and a change to a key that the new log does not have yet is made good
 * by the copy of the key that follows.
 *
 * <p>Only references to keys and values go to the {@link Compactor}, which encodes and writes them
 * in a class with few shares. When it has all keys and few changes are left, the shard takes the
 * new log over and writes each change to both, until the new one has the log's name:
 *
 * <pre>
 * phase        the new file                           a crash leaves            replies wait for
 * -----------  -------------------------------------  ------------------------  ----------------
 * IDLE         is not there                           the log                   log
 * COPYING      gets pages and changes from the        log; part of the new one  log
 *              compactor, which syncs now and then
 * CATCHING_UP  gets each change from the shard;       log; part of the new one  log
 *              everything before is being synced
 * GATED        gets each change; what was appended    log; part of the new one  both
 *              up to now (the switch position) is
 *              being synced, here and in the log
 * RENAMING     complete and synced up to the switch   log and the new one, or   both
 *              position; is given the log's name,     only the new one under
 *              then the folder is synced              the log's name: both have
 *                                                     all that was answered
 * CLOSING_OLD  is the log; the old file is closed,    the new log               new log
 *              then its blocks are freed
 * REMOVING     after a failure: is closed and         log; part of the new one  log
 *              removed
 * PAUSED       is not there, after a failure          the log                   log
 * </pre>
 *
 * The name tells which file counts, and only a complete and synced file gets the log's name, so a
 * start needs no decision: it removes files with the name of a copy (see {@link DataDirectory}) and
 * replays the log. Where replies wait for both files, the folder may forget the new name in a power
 * loss and nothing that was answered is missed.
 *
 * <p>A failure before the rename costs nothing but the work: the copy is removed and made again
 * after a pause. If the log itself cannot be written meanwhile, perhaps because the copy has taken
 * the room, the copy is given up at once and the write repeated before any command is refused. If
 * the folder cannot be synced after the rename, the log is lost as after any failed sync.
 */
final class Compaction {
  private static final Logger LOG = System.getLogger(Compaction.class.getName());

  /** So few bytes of changes the shard encodes itself when it takes the copy over. */
  private static final long HANDOVER_BYTES = 64 << 10;

  private enum Phase {
    IDLE,
    COPYING,
    CATCHING_UP,
    GATED,
    RENAMING,
    CLOSING_OLD,
    REMOVING,
    PAUSED
  }

  private final ShardLogs logs;
  private final KeySpace keys;
  private final KvConfig config;
  private final CompactionSettings settings;
  private final int shard;
  private final Path path;
  private final Path copyPath;
  private Phase phase = Phase.IDLE;
  private @Nullable KeyCopier copier;
  private @Nullable ShardLog successor;
  private @Nullable ShardLog closingLog;
  private @Nullable FileChannel old;
  private @Nullable Throwable failure;
  private long switchPosition;
  private long startMillis;
  private long bytesBefore;
  private long count;

  /**
   * Creates one that does nothing yet.
   *
   * @param logs has the log
   * @param keys what the log is about
   * @param config the server's settings
   * @param shard which shard it is
   */
  Compaction(ShardLogs logs, KeySpace keys, KvConfig config, int shard) {
    this.logs = logs;
    this.keys = keys;
    this.config = config;
    this.settings = config.compaction();
    this.shard = shard;
    this.path = DataDirectory.logPath(config.data(), shard);
    this.copyPath = DataDirectory.copyPath(config.data(), shard);
  }

  /** Whether it has a file or an operation of its own. */
  boolean isActive() {
    return phase != Phase.IDLE && phase != Phase.PAUSED;
  }

  /** Whether replies must wait for {@link #successor} too. */
  boolean isGated() {
    return phase == Phase.GATED || phase == Phase.RENAMING;
  }

  /** The log that gets each change beside the log in use, or null. */
  @Nullable ShardLog successor() {
    return successor;
  }

  /** Up to where those who follow the log may read it before it is replaced. */
  long switchPosition() {
    return isGated() ? switchPosition : Long.MAX_VALUE;
  }

  /** How much waits to get into the new log. */
  long backlogBytes() {
    ShardLog next = successor;
    KeyCopier copy = copier;
    return (copy == null ? 0 : copy.changes().bytes()) + (next == null ? 0 : next.backlogBytes());
  }

  private ShardLog next() {
    return Objects.requireNonNull(successor, "there is no new log");
  }

  /** Begins if the log is so long that it pays. */
  void startIfDue(ActorContext<ShardMessage> context) {
    ShardLog log = logs.current();
    if (phase != Phase.IDLE
        || logs.isClosing()
        || log.isLost()
        || !settings.isDue(log.sizeBytes(), keys.logBytes())) {
      return;
    }
    enter(Phase.COPYING);
    startMillis = config.surroundings().millis();
    bytesBefore = log.sizeBytes();
    failure = null;
    copier = new KeyCopier(keys, log.journal());
    ActorRef<ShardMessage> self = context.self();
    LogHeader header =
        new LogHeader(shard, config.shards(), config.surroundings().random().nextLong());
    long expectedBytes = keys.logBytes();
    ActorRef<Compactor.Message> unused =
        context.spawn(
            () -> new Compactor(self, copyPath, header, expectedBytes, settings.files()),
            ActorOptions.named("compactor-" + ++count).withPriorityClass(KvClasses.COMPACTION));
  }

  private void enter(Phase next) {
    phase = next;
    keys.logStats().compacting = isActive();
  }

  private void reached(CompactionStep step) {
    settings.observer().accept(shard, step);
  }

  void receive(CompactionMessage message, ActorContext<ShardMessage> context) {
    if (message instanceof CompactionMessage.Next next) {
      onNext(next, context);
    } else if (message instanceof CompactionMessage.CopyFailed failed) {
      failure = failed.cause();
      stopCopying();
      end(context);
    } else if (message instanceof CompactionMessage.Renamed renamed) {
      onRenamed(renamed, context);
    } else if (message instanceof CompactionMessage.Replaced replaced) {
      onReplaced(replaced, context);
    } else if (message instanceof CompactionMessage.Removed removed) {
      onRemoved(removed, context);
    } else if (message instanceof CompactionMessage.Retry && phase == Phase.PAUSED) {
      enter(Phase.IDLE);
      startIfDue(context);
    }
  }

  private void onNext(CompactionMessage.Next next, ActorContext<ShardMessage> context) {
    Throwable cause = failure;
    if (cause != null) {
      next.replyTo().tell(new Compactor.Cancel(cause));
      return;
    }
    KeyCopier copy = Objects.requireNonNull(copier, "nothing is copied");
    reached(
        next.copy().encoder().offset() == LogFormat.FILE_HEADER_BYTES
            ? CompactionStep.CREATED
            : CompactionStep.PAGE);
    copy.addPage(config.surroundings().millis());
    if (copy.isComplete() && copy.changes().bytes() <= HANDOVER_BYTES) {
      copy.changes().applyTo(next.copy().encoder());
      stopCopying();
      takeOver(next, context);
    } else {
      next.replyTo().tell(new Compactor.Part(copy.take()));
    }
  }

  private void stopCopying() {
    KeyCopier copy = copier;
    if (copy != null) {
      copy.stop();
      copier = null;
    }
  }

  private void takeOver(CompactionMessage.Next next, ActorContext<ShardMessage> context) {
    ShardLog log = logs.current();
    ShardLog newLog = new ShardLog(next.copy(), log.appended(), config.fsync());
    successor = newLog;
    switchPosition = log.appended();
    keys.journalTo(new TeeSink(log.journal(), newLog.journal()));
    next.replyTo().tell(new Compactor.Done());
    enter(Phase.CATCHING_UP);
    reached(CompactionStep.COPIED);
    advance(context);
  }

  /** To be called whenever one of the logs, or who follows them, has come further. */
  void advance(ActorContext<ShardMessage> context) {
    if (phase != Phase.CATCHING_UP && phase != Phase.GATED) {
      return;
    }
    if (logs.current().isLost()) {
      abort(new IOException(path + ": the log is lost"), context);
      return;
    }
    if (phase == Phase.CATCHING_UP
        && next().durable() >= switchPosition
        && logs.followers().areAllReady()) {
      switchPosition = logs.current().appended();
      enter(Phase.GATED);
      reached(CompactionStep.SYNCED);
    }
    if (phase == Phase.GATED
        && next().durable() >= switchPosition
        && logs.current().committed() >= switchPosition) {
      reached(CompactionStep.COMPLETE);
      enter(Phase.RENAMING);
      context.offload(this::rename, CompactionMessage.Renamed::new);
    } else {
      next().flush(context);
      next().syncUpTo(switchPosition, context);
    }
  }

  /** On a thread that may block. */
  private FileChannel rename() throws IOException {
    LogFiles files = settings.files();
    FileChannel held = files.hold(path);
    try {
      files.rename(copyPath, path);
    } catch (IOException | RuntimeException e) {
      held.close();
      throw e;
    }
    reached(CompactionStep.RENAMED);
    return held;
  }

  private void onRenamed(CompactionMessage.Renamed renamed, ActorContext<ShardMessage> context) {
    FileChannel held = renamed.old();
    if (held == null) {
      abort(Objects.requireNonNull(renamed.failure()), context);
      return;
    }
    context.offload(
        this::syncFolder, (nothing, unsynced) -> new CompactionMessage.Replaced(held, unsynced));
  }

  /** On a thread that may block. */
  private Boolean syncFolder() throws IOException {
    settings.files().syncFolder(path);
    reached(CompactionStep.FOLDER_SYNCED);
    return true;
  }

  private void onReplaced(CompactionMessage.Replaced replaced, ActorContext<ShardMessage> context) {
    ShardLog before = logs.current();
    ShardLog after = next();
    successor = null;
    closingLog = before;
    old = replaced.old();
    keys.journalTo(after.journal());
    enter(Phase.CLOSING_OLD);
    logs.switchTo(after, switchPosition);
    Throwable unsynced = replaced.unsynced();
    if (unsynced != null) {
      after.lose(unsynced);
    }
    reached(CompactionStep.SWITCHED);
    before.abandon(context);
  }

  /**
   * Gives the copy up if that is still possible.
   *
   * @return whether its file is going to be gone soon, or already on its way
   */
  boolean cancel(Throwable cause, ActorContext<ShardMessage> context) {
    switch (phase) {
      case COPYING -> failure = failure == null ? cause : failure;
      case CATCHING_UP, GATED -> abort(cause, context);
      case CLOSING_OLD, REMOVING -> {
        return true;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** A write or sync of the new log has failed; false if it must be treated as that of the log. */
  boolean onSuccessorFailed(Throwable cause, ActorContext<ShardMessage> context) {
    boolean mayGiveUp = phase == Phase.CATCHING_UP || phase == Phase.GATED;
    if (mayGiveUp) {
      abort(cause, context);
    }
    return mayGiveUp;
  }

  private void abort(Throwable cause, ActorContext<ShardMessage> context) {
    ShardLog newLog = next();
    failure = cause;
    successor = null;
    closingLog = newLog;
    keys.journalTo(logs.current().journal());
    enter(Phase.REMOVING);
    newLog.abandon(context);
  }

  /** A log that is not the one in use is closed: its blocks can be freed. */
  void onFileClosed(ShardMessage.FileClosed closed, ActorContext<ShardMessage> context) {
    if (closed.log() != closingLog) {
      return;
    }
    closingLog = null;
    FileChannel held = old;
    old = null;
    context.offload(
        () -> {
          if (held == null) {
            settings.files().delete(copyPath);
          } else {
            held.close();
          }
          return true;
        },
        (nothing, problem) -> new CompactionMessage.Removed(problem));
  }

  private void onRemoved(CompactionMessage.Removed removed, ActorContext<ShardMessage> context) {
    Throwable problem = removed.failure();
    if (problem != null) {
      LOG.log(Level.WARNING, path + ": what compaction has left cannot be removed", problem);
    }
    end(context);
  }

  private void end(ActorContext<ShardMessage> context) {
    Throwable cause = failure;
    long millis = config.surroundings().millis() - startMillis;
    if (cause == null) {
      long after = logs.current().sizeBytes();
      keys.logStats().compacted(bytesBefore, after, millis);
      LOG.log(
          Level.INFO,
          "{0}: compacted from {1} to {2} bytes in {3} ms",
          path,
          Long.toString(bytesBefore),
          Long.toString(after),
          Long.toString(millis));
      enter(Phase.IDLE);
      reached(CompactionStep.FINISHED);
    } else if (logs.isClosing()) {
      enter(Phase.IDLE);
    } else {
      keys.logStats().failures++;
      LOG.log(
          Level.WARNING,
          path + ": compaction has failed; it is tried again in " + settings.retryPause(),
          cause);
      enter(Phase.PAUSED);
      context
          .timers()
          .once(
              CompactionMessage.Retry.class, settings.retryPause(), new CompactionMessage.Retry());
    }
    logs.onCompactionEnded(context);
  }
}
