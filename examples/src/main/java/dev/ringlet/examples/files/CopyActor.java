package dev.ringlet.examples.files;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Copies a file in blocks, several of them under way at once, each read into a buffer and written
 * out of it. With direct I/O the last block is padded, and the padding cut off. When all is durable
 * the target is read back and its checksums compared with those of what was read.
 */
final class CopyActor implements Actor<CopyActor.Message> {
  /** What it is told. */
  sealed interface Message {}

  private record Read(int block, IoBuffer bytes) implements Message {}

  private record Written(int block, int bytes) implements Message {}

  private record Failed(Throwable failure) implements Message {}

  private final CopyPlan plan;
  private final CopyProgress progress;
  private @Nullable AsyncFile source;
  private @Nullable AsyncFile target;
  private long size;
  private int[] checksums = {};
  private int next;
  private int underway;
  private boolean verifying;

  CopyActor(CopyPlan plan, CopyProgress progress) {
    this.plan = plan;
    this.progress = progress;
  }

  // ---- opening: one after the other

  @Override
  public void preStart(ActorContext<Message> context) {
    Io io = context.io();
    context.await(
        io.open(plan.source(), options(StandardOpenOption.READ)),
        (file, failure) -> {
          source = file;
          if (failure != null) {
            fail(context, failure);
          } else {
            measure(context);
          }
        });
  }

  private OpenOption[] options(OpenOption... options) {
    List<OpenOption> all = new ArrayList<>(List.of(options));
    if (plan.direct()) {
      all.add(FileOption.DIRECT);
    }
    return all.toArray(OpenOption[]::new);
  }

  private void measure(ActorContext<Message> context) {
    context.await(
        source().size(),
        (bytes, failure) -> {
          if (bytes == null) {
            fail(context, Objects.requireNonNull(failure));
          } else if (bytes > plan.mostBytes()) {
            fail(context, new IllegalArgumentException(plan.source() + ": raise --block"));
          } else {
            size = bytes;
            checksums = new int[plan.blocks(size)];
            openTarget(context);
          }
        });
  }

  private void openTarget(ActorContext<Message> context) {
    OpenOption making =
        plan.overwrite() ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
    context.await(
        context
            .io()
            .open(
                plan.target(),
                options(
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    making,
                    StandardOpenOption.TRUNCATE_EXISTING)),
        (file, failure) -> {
          target = file;
          if (failure != null) {
            fail(context, failure);
          } else {
            progress.begins(size);
            begin(context);
          }
        });
  }

  private AsyncFile source() {
    return Objects.requireNonNull(source);
  }

  private AsyncFile target() {
    return Objects.requireNonNull(target);
  }

  // ---- blocks: several at once

  private void begin(ActorContext<Message> context) {
    next = 0;
    for (int i = 0; i < plan.depth() && next < checksums.length; i++) {
      readNext(context);
    }
    if (underway == 0) {
      allDone(context);
    }
  }

  private void readNext(ActorContext<Message> context) {
    int block = next++;
    underway++;
    context.pipe(
        (verifying ? target() : source())
            .readExactly(plan.position(block), plan.length(block, size)),
        (bytes, failure) -> bytes != null ? new Read(block, bytes) : failed(failure));
  }

  private static Failed failed(@Nullable IoException failure) {
    return new Failed(Objects.requireNonNull(failure));
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Read read) {
      int checksum = checksum(read.bytes());
      if (verifying) {
        read.bytes().release();
        if (checksum != checksums[read.block()]) {
          fail(context, new IllegalStateException(plan.differs(read.block(), size)));
          return;
        }
        blockDone(context, plan.length(read.block(), size));
      } else {
        checksums[read.block()] = checksum;
        write(read, context);
      }
    } else if (message instanceof Written written) {
      blockDone(context, written.bytes());
    } else if (message instanceof Failed failed) {
      fail(context, failed.failure());
    }
  }

  private void write(Read read, ActorContext<Message> context) {
    int bytes = read.bytes().readableBytes();
    context.pipe(
        target().write(plan.position(read.block()), padded(read.bytes(), context.io())),
        (count, failure) -> failure == null ? new Written(read.block(), bytes) : failed(failure));
  }

  /** The block as direct I/O wants it; the last one may be longer than the file. */
  private IoBuffer padded(IoBuffer block, Io io) {
    int alignment = target().alignment();
    int beyond = block.readableBytes() % alignment;
    if (beyond == 0) {
      return block;
    }
    int padding = alignment - beyond;
    IoBuffer larger = block;
    if (block.writableBytes() < padding) {
      larger = io.buffer(block.readableBytes() + padding);
      larger.write(block.readable());
      block.release();
    }
    return larger.write(new byte[padding]);
  }

  private static int checksum(IoBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.readable());
    return (int) crc.getValue();
  }

  private void blockDone(ActorContext<Message> context, int bytes) {
    underway--;
    progress.adds(bytes);
    if (next < checksums.length) {
      readNext(context);
    } else if (underway == 0) {
      allDone(context);
    }
  }

  // ---- the end

  private void allDone(ActorContext<Message> context) {
    if (verifying) {
      progress.ends();
      context.stop();
    } else {
      cutPadding(context);
    }
  }

  private void cutPadding(ActorContext<Message> context) {
    context.await(target().truncate(size), (none, failure) -> orFail(context, failure, this::sync));
  }

  private void sync(ActorContext<Message> context) {
    context.await(target().sync(), (none, failure) -> orFail(context, failure, this::verify));
  }

  private void verify(ActorContext<Message> context) {
    progress.written();
    verifying = true;
    if (plan.verify()) {
      begin(context);
    } else {
      allDone(context);
    }
  }

  private static void orFail(
      ActorContext<Message> context, @Nullable IoException failure, Step step) {
    if (failure == null) {
      step.go(context);
    } else {
      context.self().tell(new Failed(failure));
    }
  }

  /** What comes after an operation. */
  private interface Step {
    void go(ActorContext<Message> context);
  }

  private void fail(ActorContext<Message> context, Throwable failure) {
    progress.fails(failure);
    context.stop();
  }

  @Override
  public void postStop(ActorContext<Message> context) {
    close(source);
    close(target);
    progress.fails(new IllegalStateException("stopped before the end"));
  }

  private static void close(@Nullable AsyncFile file) {
    if (file != null) {
      // What was written is synced already, or the copy has failed.
      var unused = file.close().toCompletionStage();
    }
  }
}
