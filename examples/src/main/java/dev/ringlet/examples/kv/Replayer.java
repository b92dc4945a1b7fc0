package dev.ringlet.examples.kv;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shard's log at the start and hands the keys over to the shard, then ends. It runs in the
 * background class and gives the core back between pieces of the file.
 *
 * <p>A torn end is cut off and reported; damage before the end stops the server. A file that is not
 * there, or whose header was never completed, becomes a new log.
 */
final class Replayer implements Actor<Replayer.Message> {
  private static final Logger LOG = System.getLogger(Replayer.class.getName());
  private static final int CHUNK_BYTES = 256 << 10;

  /** What it is told. */
  enum Message {
    /** Begin. */
    START
  }

  private final KvConfig config;
  private final int shard;
  private final ActorRef<ShardMessage> owner;
  private final Path path;
  private final KeySpace keys;
  private @Nullable AsyncFile file;
  private long size;
  private long salt;
  private boolean ended;

  Replayer(KvConfig config, int shard, ActorRef<ShardMessage> owner) {
    this.config = config;
    this.shard = shard;
    this.owner = owner;
    this.path = DataDirectory.logPath(config.data(), shard);
    this.keys = new KeySpace(config.limits().valueBytes());
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    context.self().tell(Message.START);
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    then(
        context,
        context
            .io()
            .open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
        opened -> {
          file = Objects.requireNonNull(opened);
          measure(context);
        });
  }

  /** Goes on when the operation has succeeded; ends with its failure otherwise. */
  private <T> void then(
      ActorContext<Message> context, IoOp<T> operation, Consumer<? super @Nullable T> next) {
    context.await(
        operation,
        (value, failure) -> {
          if (failure == null) {
            next.accept(value);
          } else {
            fail(context, failure);
          }
        });
  }

  private void fail(ActorContext<Message> context, IoException failure) {
    end(context, KvStartException.dataUnusable(String.valueOf(failure.getMessage())));
  }

  /** A start that waits for this log must not wait for ever, whatever goes wrong here. */
  @Override
  public void postStop(ActorContext<Message> context) {
    if (!ended) {
      owner.tell(
          new ShardMessage.LoadFailed(
              KvStartException.dataUnusable(path + ": the replay has failed, see the log")));
    }
  }

  private void end(ActorContext<Message> context, KvStartException failure) {
    ended = true;
    owner.tell(new ShardMessage.LoadFailed(failure));
    context.stop();
  }

  private AsyncFile file() {
    return Objects.requireNonNull(file);
  }

  private void measure(ActorContext<Message> context) {
    then(
        context,
        file().size(),
        length -> {
          size = Objects.requireNonNull(length);
          if (size == 0) {
            create(context);
          } else {
            readHeader(context);
          }
        });
  }

  private void readHeader(ActorContext<Message> context) {
    then(
        context,
        file().read(0, LogFormat.FILE_HEADER_BYTES),
        buffer -> {
          byte[] bytes = takeAll(Objects.requireNonNull(buffer));
          LogHeader header = LogHeader.decode(bytes);
          if (header != null) {
            checkHeader(header, context);
          } else if (size <= LogFormat.FILE_HEADER_BYTES) {
            LOG.log(Level.WARNING, path + ": its creation was interrupted; it is made again");
            create(context);
          } else {
            end(
                context,
                KvStartException.dataUnusable(path + ": the header at offset 0 is damaged"));
          }
        });
  }

  private static byte[] takeAll(IoBuffer buffer) {
    try {
      return buffer.readAll();
    } finally {
      buffer.release();
    }
  }

  private void checkHeader(LogHeader header, ActorContext<Message> context) {
    if (header.version() != LogFormat.VERSION
        || header.shard() != shard
        || header.shards() != config.shards()) {
      end(
          context,
          KvStartException.dataUnusable(
              path
                  + ": holds shard "
                  + header.shard()
                  + " of "
                  + header.shards()
                  + " in format "
                  + header.version()
                  + ", not shard "
                  + shard
                  + " of "
                  + config.shards()
                  + " in format "
                  + LogFormat.VERSION));
      return;
    }
    salt = header.salt();
    long begin = LogFormat.FILE_HEADER_BYTES;
    replay(new LogDecoder(salt, begin, size, keys.replayer()), context);
  }

  private void replay(LogDecoder decoder, ActorContext<Message> context) {
    if (decoder.isDone() || decoder.position() >= size) {
      judge(decoder, context);
      return;
    }
    int length = (int) Math.min(CHUNK_BYTES, size - decoder.position());
    then(
        context,
        file().read(decoder.position(), length),
        read -> {
          IoBuffer buffer = Objects.requireNonNull(read);
          boolean shorter = buffer.readableBytes() < length;
          try {
            decoder.feed(buffer.readable());
          } finally {
            buffer.release();
          }
          if (shorter && !decoder.isDone()) {
            end(context, KvStartException.dataUnusable(path + ": shrank while it was read"));
          } else if (context.needPreempt()) {
            context.yield(() -> replay(decoder, context));
          } else {
            replay(decoder, context);
          }
        });
  }

  private void judge(LogDecoder decoder, ActorContext<Message> context) {
    LogVerdict verdict = decoder.verdict();
    LOG.log(
        Level.INFO,
        "{0}: {1} records, {2} keys",
        path,
        Long.toString(decoder.recordCount()),
        Integer.toString(keys.size()));
    if (verdict instanceof LogVerdict.Clean clean) {
      settle(decoder.synced(), clean.end(), context);
    } else if (verdict instanceof LogVerdict.Torn torn) {
      LOG.log(
          Level.WARNING,
          "{0}: torn record at offset {1}: cut off {2} bytes",
          path,
          Long.toString(torn.cutTo()),
          Long.toString(size - torn.cutTo()));
      then(
          context,
          file().truncate(torn.cutTo()),
          nothing -> settle(decoder.synced(), torn.cutTo(), context));
    } else if (verdict instanceof LogVerdict.Corrupt corrupt) {
      end(context, KvStartException.dataUnusable(describe(corrupt)));
    }
  }

  private String describe(LogVerdict.Corrupt corrupt) {
    String where = path + ": corrupt record at offset " + corrupt.offset();
    return corrupt.nextValid() == corrupt.offset()
        ? where + " (its checksum is right, its content unknown)"
        : where + ", valid data goes on at offset " + corrupt.nextValid();
  }

  /**
   * Has all of the log on the disk, for it is shown from now on: a server that was killed may have
   * written what it has not synced. What the log does not tell to be synced is written again, since
   * a sync may have failed, and the kernel tells that once: then it takes the bytes that it has in
   * memory for those on the disk. Where logs are never synced that is not worth it.
   */
  private void settle(long from, long end, ActorContext<Message> context) {
    if (from >= end || config.fsync() == FsyncPolicy.NO) {
      then(context, file().dataSync(), synced -> hand(end, context));
      return;
    }
    int length = (int) Math.min(CHUNK_BYTES, end - from);
    then(
        context,
        file().readExactly(from, length),
        bytes ->
            then(
                context,
                file().write(from, Objects.requireNonNull(bytes)),
                written -> settle(from + length, end, context)));
  }

  private void create(ActorContext<Message> context) {
    salt = config.surroundings().random().nextLong();
    byte[] header = new LogHeader(shard, config.shards(), salt).encode();
    IoBuffer buffer = context.io().buffer(header.length).write(header);
    then(
        context,
        file().write(0, buffer),
        written -> then(context, file().dataSync(), synced -> hand(header.length, context)));
  }

  private void hand(long end, ActorContext<Message> context) {
    ended = true;
    owner.tell(new ShardMessage.Loaded(keys, file(), salt, end));
    context.stop();
  }
}
