package dev.ringlet.examples.kv;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the copy of a shard's log that a {@link Compaction} is about: asks the shard for keys and
 * changes, a page at a time, encodes and writes them, then asks for more. It runs in a class of its
 * own with few shares and gives the core back between records.
 *
 * <p>It ends when the shard takes the copy over, or with a failure, after the file is removed.
 */
final class Compactor implements Actor<Compactor.Message> {
  /** Written at once: small, because some kernels copy it while the core waits. */
  private static final int WRITE_BYTES = 64 << 10;

  /** Synced so often that the sync before the switch has little to do. */
  private static final long SYNC_BYTES = 8L << 20;

  /** What it is told. */
  sealed interface Message {}

  /** Begin. */
  record Start() implements Message {}

  /**
   * The folder is ready for the file.
   *
   * @param failure null if all is well
   */
  record Prepared(@Nullable Throwable failure) implements Message {}

  /**
   * These belong into the copy.
   *
   * @param changes the compactor's from now on
   */
  record Part(ChangeList changes) implements Message {}

  /** The shard has taken the copy over. */
  record Done() implements Message {}

  /**
   * The copy is not wanted any more.
   *
   * @param cause why
   */
  record Cancel(Throwable cause) implements Message {}

  /**
   * The file of a copy that has failed is removed.
   *
   * @param failure null if all is well
   */
  record Removed(@Nullable Throwable failure) implements Message {}

  private final ActorRef<ShardMessage> shard;
  private final Path path;
  private final LogHeader header;
  private final long expectedBytes;
  private final LogFiles files;
  private @Nullable LogCopy copy;
  private @Nullable Throwable failure;
  private boolean ended;

  /**
   * Creates one.
   *
   * @param shard is asked for parts
   * @param path of the copy
   * @param header of the copy
   * @param expectedBytes about how long the copy will be
   * @param files names in the folder
   */
  Compactor(
      ActorRef<ShardMessage> shard,
      Path path,
      LogHeader header,
      long expectedBytes,
      LogFiles files) {
    this.shard = shard;
    this.path = path;
    this.header = header;
    this.expectedBytes = expectedBytes;
    this.files = files;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    context.self().tell(new Start());
  }

  /** The shard must not wait for ever, whatever goes wrong here. */
  @Override
  public void postStop(ActorContext<Message> context) {
    if (ended) {
      return;
    }
    LogCopy begun = copy;
    if (begun != null) {
      // The next copy begins with an empty file: nobody waits for the outcome.
      var unused = begun.file().close().toCompletionStage();
    }
    shard.tell(
        new CompactionMessage.CopyFailed(
            new IllegalStateException("the compactor has stopped, see the log")));
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Part part) {
      encode(part.changes(), 0, context);
    } else if (message instanceof Start) {
      context.offload(this::prepare, (nothing, problem) -> new Prepared(problem));
    } else if (message instanceof Prepared prepared) {
      open(prepared, context);
    } else if (message instanceof Done) {
      ended = true;
      context.stop();
    } else if (message instanceof Cancel cancel) {
      fail(cancel.cause(), context);
    } else if (message instanceof Removed removed) {
      onRemoved(removed, context);
    }
  }

  private Boolean prepare() throws Exception {
    files.delete(path);
    files.checkRoom(path, expectedBytes);
    return true;
  }

  private void open(Prepared prepared, ActorContext<Message> context) {
    Throwable problem = prepared.failure();
    if (problem != null) {
      fail(problem, context);
      return;
    }
    context.await(
        context
            .io()
            .open(
                path,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING),
        orFail(
            context,
            (AsyncFile file) -> {
              copy = new LogCopy(file, header);
              askForMore(context);
            }));
  }

  private <T> BiConsumer<@Nullable T, @Nullable IoException> orFail(
      ActorContext<Message> context, java.util.function.Consumer<T> next) {
    return (value, problem) -> {
      if (problem == null) {
        next.accept(Objects.requireNonNull(value));
      } else {
        fail(problem, context);
      }
    };
  }

  private LogCopy copy() {
    return Objects.requireNonNull(copy, "the copy was not begun");
  }

  private void askForMore(ActorContext<Message> context) {
    shard.tell(new CompactionMessage.Next(copy(), context.self()));
  }

  /** Encodes from one change on, as far as the time goes and the buffer is not long. */
  private void encode(ChangeList changes, int first, ActorContext<Message> context) {
    LogCopy target = copy();
    int index = first;
    while (index < changes.count()) {
      changes.apply(index++, target.encoder());
      int next = index;
      if (target.buffer().size() >= WRITE_BYTES) {
        write(context, () -> encode(changes, next, context));
        return;
      }
      if (context.needPreempt()) {
        context.yield(() -> encode(changes, next, context));
        return;
      }
    }
    askForMore(context);
  }

  /** Writes what is encoded, until little is left. */
  private void write(ActorContext<Message> context, Runnable then) {
    LogCopy target = copy();
    if (target.buffer().size() < WRITE_BYTES) {
      then.run();
      return;
    }
    IoBuffer buffer = context.io().buffer(WRITE_BYTES);
    target.buffer().copyTo(buffer, WRITE_BYTES);
    context.await(
        target.file().write(target.written(), buffer),
        orFail(
            context,
            (Integer count) -> {
              target.wrote(count);
              if (target.written() - target.synced() >= SYNC_BYTES) {
                sync(context, then);
              } else {
                write(context, then);
              }
            }));
  }

  private void sync(ActorContext<Message> context, Runnable then) {
    LogCopy target = copy();
    context.await(
        target.file().dataSync(),
        (nothing, problem) -> {
          if (problem == null) {
            target.syncedUpTo(target.written());
            write(context, then);
          } else {
            fail(problem, context);
          }
        });
  }

  /** Closes and removes the file, then tells the shard. */
  private void fail(Throwable cause, ActorContext<Message> context) {
    failure = cause;
    LogCopy begun = copy;
    if (begun == null) {
      remove(context);
      return;
    }
    context.await(
        begun.file().close(),
        (nothing, problem) -> {
          if (problem != null) {
            cause.addSuppressed(problem);
          }
          remove(context);
        });
  }

  private void remove(ActorContext<Message> context) {
    context.offload(
        () -> {
          files.delete(path);
          return true;
        },
        (nothing, problem) -> new Removed(problem));
  }

  private void onRemoved(Removed removed, ActorContext<Message> context) {
    Throwable cause = Objects.requireNonNull(failure);
    Throwable problem = removed.failure();
    if (problem != null) {
      cause.addSuppressed(problem);
    }
    ended = true;
    shard.tell(new CompactionMessage.CopyFailed(cause));
    context.stop();
  }
}
