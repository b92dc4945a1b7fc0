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
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows the log of a shard for one subscriber and gives it every committed change, in order.
 *
 * <p>Nothing is ever dropped and nothing piles up, however slow the subscriber is: the changes wait
 * in the log file, a piece is read when the last one was taken, and the shard tells only how far
 * the log is committed.
 *
 * <p>When the log is replaced by a shorter one, the old file stays open here until it is read up to
 * the position from which on both have the same changes, then it goes on in the new one. So a slow
 * subscriber keeps the files that it has not read on the disk, without a name.
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
   * The log is, from now on, what its path is the name of now.
   *
   * @param base position of the first byte of the file
   * @param from where to begin with it; up to there the log before is to be read
   * @param end where the next record goes
   */
  record LogAt(long base, long from, long end) implements Message {}

  /**
   * A log was opened.
   *
   * @param log which one
   * @param file null if that has failed
   * @param failure why
   */
  record Opened(FollowedLog log, @Nullable AsyncFile file, @Nullable IoException failure)
      implements Message {}

  /**
   * The header of a log was read.
   *
   * @param log of which one
   * @param buffer null if that has failed
   * @param failure why
   */
  record HeaderRead(FollowedLog log, @Nullable IoBuffer buffer, @Nullable IoException failure)
      implements Message {}

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

  /** The log that is read, and those that follow it. */
  private final ArrayDeque<FollowedLog> logs = new ArrayDeque<>();

  private @Nullable LogDecoder decoder;
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
    shard.tell(new ShardMessage.Follow(context.self()));
  }

  @Override
  public void postStop(ActorContext<Message> context) {
    logs.forEach(FollowedLog::close);
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Read read) {
      onRead(read);
    } else if (message instanceof Committed more) {
      onCommitted(more.position());
    } else if (message instanceof LogAt place) {
      boolean skip = logs.isEmpty() && !fromBegin;
      FollowedLog log = new FollowedLog(place.base(), skip ? place.end() : place.from());
      logs.add(log);
      context.pipe(context.io().open(path), (file, failure) -> new Opened(log, file, failure));
    } else if (message instanceof Opened opened) {
      onOpened(opened, context);
    } else if (message instanceof HeaderRead header) {
      onHeader(header, context);
    }
    proceed(context);
  }

  private void onOpened(Opened opened, ActorContext<Message> context) {
    AsyncFile file = opened.file();
    if (file == null) {
      sink.fail(Objects.requireNonNull(opened.failure()));
      return;
    }
    opened.log().opened(file);
    context.pipe(
        file.read(0, LogFormat.FILE_HEADER_BYTES),
        (buffer, failure) -> new HeaderRead(opened.log(), buffer, failure));
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
    read.log().ready(header.salt());
    shard.tell(new ShardMessage.Following(context.self()));
    if (decoder == null && logs.peek() == read.log()) {
      shard.tell(new ShardMessage.AwaitCommit(committed, context.self()));
    }
  }

  private void onCommitted(long position) {
    busy = false;
    committed = position;
    if (decoder == null) {
      decoder = decoder(logs.element());
    }
  }

  private LogDecoder decoder(FollowedLog log) {
    long offset = log.offset(log.from());
    return new LogDecoder(log.salt(), offset, offset, new MutationRecorder(decoded::add));
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
    FollowedLog log = logs.element();
    long position = log.position(reader.position());
    FollowedLog next = follower(log);
    long end = next == null ? committed : Math.min(committed, next.from());
    if (position < end) {
      busy = true;
      reader.extend(log.offset(end));
      int length = (int) Math.min(CHUNK_BYTES, end - position);
      context.pipe(Objects.requireNonNull(log.file()).read(reader.position(), length), Read::new);
    } else if (next == null || position < next.from()) {
      busy = true;
      shard.tell(new ShardMessage.AwaitCommit(committed, context.self()));
    } else if (next.isReady()) {
      logs.remove().close();
      decoder = decoder(next);
      proceed(context);
    }
  }

  /** The log after the one that is read, or null. */
  private @Nullable FollowedLog follower(FollowedLog log) {
    Iterator<FollowedLog> iterator = logs.iterator();
    FollowedLog first = iterator.next();
    assert first == log;
    return iterator.hasNext() ? iterator.next() : null;
  }
}
