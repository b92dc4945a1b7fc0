package dev.ringlet.examples.kv;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.reactive.Sink;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows the log of a shard for one subscriber and gives it every committed change, in order.
 *
 * <p>Nothing is ever dropped and nothing piles up, however slow the subscriber is: the changes wait
 * in the log file, a piece is read when the last one was taken, and the shard tells only how far
 * the log is committed.
 */
final class ChangeSource implements Actor<ChangeSource.Message> {
  private static final int CHUNK_BYTES = 64 << 10;

  /** What it is told. */
  sealed interface Message {}

  /**
   * The subscriber wants more.
   *
   * @param count how many changes
   */
  record Requested(long count) implements Message {}

  /** Nobody listens any more. */
  record Cancelled() implements Message {}

  /**
   * The log was opened.
   *
   * @param file null if that has failed
   * @param failure why
   */
  record Opened(@Nullable AsyncFile file, @Nullable IoException failure) implements Message {}

  /**
   * The header of the log was read.
   *
   * @param buffer null if that has failed
   * @param failure why
   */
  record HeaderRead(@Nullable IoBuffer buffer, @Nullable IoException failure) implements Message {}

  /**
   * More of the log is committed.
   *
   * @param position up to where
   */
  record Committed(long position) implements Message {}

  /**
   * A piece of the log was read.
   *
   * @param buffer null if that has failed
   * @param failure why
   */
  record Read(@Nullable IoBuffer buffer, @Nullable IoException failure) implements Message {}

  private final Path path;
  private final ActorRef<ShardMessage> shard;
  private final boolean fromBegin;
  private final Sink<Mutation> sink;
  private final ArrayDeque<Mutation> decoded = new ArrayDeque<>();
  private @Nullable AsyncFile file;
  private @Nullable LogDecoder decoder;
  private long salt;
  private long committed = -1;

  /** Whether an answer of the shard or the file is still to come. */
  private boolean busy;

  /**
   * Creates one.
   *
   * @param path the shard's log
   * @param shard tells what is committed
   * @param fromBegin whether to start with the first change in the log, or with the next one
   * @param sink gets the changes
   */
  ChangeSource(Path path, ActorRef<ShardMessage> shard, boolean fromBegin, Sink<Mutation> sink) {
    this.path = path;
    this.shard = shard;
    this.fromBegin = fromBegin;
    this.sink = sink;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    busy = true;
    context.pipe(context.io().open(path), Opened::new);
  }

  @Override
  public void postStop(ActorContext<Message> context) {
    AsyncFile opened = file;
    if (opened != null) {
      // It was only read, and the actor ends here: nobody waits for the outcome.
      var unused = opened.close().toCompletionStage();
    }
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Read read) {
      onRead(read);
    } else if (message instanceof Committed more) {
      onCommitted(more.position());
    } else if (message instanceof Opened opened) {
      onOpened(opened, context);
    } else if (message instanceof HeaderRead header) {
      onHeader(header, context);
    }
    proceed(context);
  }

  private void onOpened(Opened opened, ActorContext<Message> context) {
    AsyncFile log = opened.file();
    if (log == null) {
      sink.fail(Objects.requireNonNull(opened.failure()));
      return;
    }
    file = log;
    context.pipe(log.read(0, LogFormat.FILE_HEADER_BYTES), HeaderRead::new);
  }

  private void onHeader(HeaderRead read, ActorContext<Message> context) {
    IoBuffer buffer = read.buffer();
    if (buffer == null) {
      sink.fail(Objects.requireNonNull(read.failure()));
      return;
    }
    LogHeader header = LogHeader.decode(buffer.readAll());
    buffer.release();
    if (header == null) {
      sink.fail(new IllegalStateException(path + ": the header is damaged"));
      return;
    }
    salt = header.salt();
    shard.tell(new ShardMessage.AwaitCommit(committed, context.self()));
  }

  private void onCommitted(long position) {
    busy = false;
    committed = position;
    LogDecoder reader = decoder;
    if (reader == null) {
      long begin = fromBegin ? LogFormat.FILE_HEADER_BYTES : position;
      decoder = new LogDecoder(salt, begin, position, new MutationRecorder(decoded::add));
    } else {
      reader.extend(position);
    }
  }

  private void onRead(Read read) {
    busy = false;
    IoBuffer buffer = read.buffer();
    if (buffer == null) {
      sink.fail(Objects.requireNonNull(read.failure()));
      return;
    }
    LogDecoder reader = Objects.requireNonNull(decoder);
    reader.feed(buffer.readable());
    buffer.release();
    if (reader.isDone()) {
      sink.fail(new IllegalStateException(path + ": " + reader.verdict()));
    }
  }

  /** Gives what is wanted, then asks for what is missing. */
  private void proceed(ActorContext<Message> context) {
    while (sink.demand() > 0 && !decoded.isEmpty()) {
      sink.next(decoded.remove());
      if (context.needPreempt()) {
        context.yield(() -> proceed(context));
        return;
      }
    }
    LogDecoder reader = decoder;
    if (busy || reader == null || sink.demand() == 0) {
      return;
    }
    busy = true;
    long position = reader.position();
    if (position < committed) {
      int length = (int) Math.min(CHUNK_BYTES, committed - position);
      context.pipe(Objects.requireNonNull(file).read(position, length), Read::new);
    } else {
      shard.tell(new ShardMessage.AwaitCommit(committed, context.self()));
    }
  }
}
