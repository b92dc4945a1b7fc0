package dev.ringlet.benchmarks.files;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.FileOutput;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import dev.ringlet.io.OutputOptions;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The work as an actor: {@code depth} operations under way, each end begins the next. */
abstract class RingletWork implements Actor<RingletWork.Message> {
  /** What it is told. */
  interface Message {}

  private record Opened(AsyncFile file, long size) implements Message {}

  private record Failed(IoException failure) implements Message {}

  private record Read(IoBuffer buffer) implements Message {}

  private record Taken() implements Message {}

  private record End() implements Message {}

  private final FileWork.Task task;
  private final AtomicLong count;
  private long done;
  private @Nullable AsyncFile file;
  private long size;

  private RingletWork(FileWork.Task task, AtomicLong count) {
    this.task = task;
    this.count = count;
  }

  static RingletWork of(FileWork.Task task, AtomicLong count) {
    return switch (task.work()) {
      case "random", "direct" -> new Random(task, count);
      case "sequential" -> new Sequential(task, count);
      case "write" -> new Output(task, count);
      case "log", "dsync" -> new Log(task, count);
      default ->
          throw new IllegalArgumentException(
              "work: " + task.work() + "; give random, direct, sequential, write, log or dsync");
    };
  }

  OpenOption[] options() {
    return switch (task.work()) {
      case "direct" -> new OpenOption[] {StandardOpenOption.READ, FileOption.DIRECT};
      case "log", "write" -> new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.WRITE};
      case "dsync" ->
          new OpenOption[] {
            StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DSYNC
          };
      default -> new OpenOption[] {StandardOpenOption.READ};
    };
  }

  @Override
  public final void preStart(ActorContext<Message> context) {
    context.await(
        context.io().open(task.file(), options()),
        (opened, failure) -> {
          if (failure != null) {
            throw failure;
          }
          context.pipe(
              Objects.requireNonNull(opened).size(),
              (bytes, problem) ->
                  problem != null
                      ? new Failed(problem)
                      : new Opened(opened, Objects.requireNonNull(bytes)));
        });
  }

  @Override
  public final void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Opened opened) {
      file = opened.file();
      size = opened.size();
      begin(context);
    } else if (message instanceof Failed failed) {
      throw failed.failure();
    } else {
      next(message, context);
    }
  }

  abstract void begin(ActorContext<Message> context);

  abstract void next(Message message, ActorContext<Message> context);

  final AsyncFile file() {
    return Objects.requireNonNull(file);
  }

  final void count() {
    count.lazySet(++done);
  }

  private static final class Random extends RingletWork {
    private final SplittableRandom random = new SplittableRandom(1);

    Random(FileWork.Task task, AtomicLong count) {
      super(task, count);
    }

    @Override
    void begin(ActorContext<Message> context) {
      for (int i = 0; i < super.task.depth(); i++) {
        read(context);
      }
    }

    private void read(ActorContext<Message> context) {
      int block = super.task.block();
      long position = random.nextLong(super.size / block) * block;
      context.pipe(file().read(position, block), Random::outcome);
    }

    private static Message outcome(@Nullable IoBuffer buffer, @Nullable IoException failure) {
      return buffer != null ? new Read(buffer) : new Failed(Objects.requireNonNull(failure));
    }

    @Override
    void next(Message message, ActorContext<Message> context) {
      ((Read) message).buffer().release();
      count();
      read(context);
    }
  }

  private static final class Sequential extends RingletWork {
    private @Nullable IoSubscription input;

    Sequential(FileWork.Task task, AtomicLong count) {
      super(task, count);
    }

    @Override
    void begin(ActorContext<Message> context) {
      ChunkOptions options =
          ChunkOptions.defaults()
              .withChunkBytes(super.task.block())
              .withReadAhead(super.task.depth());
      input =
          context.subscribe(
              file().chunks(options),
              Read::new,
              failure -> failure == null ? new End() : new Failed(failure),
              super.task.depth());
    }

    @Override
    void next(Message message, ActorContext<Message> context) {
      if (message instanceof Read read) {
        read.buffer().release();
        count();
        Objects.requireNonNull(input).request(1);
      } else {
        begin(context);
      }
    }
  }

  private static final class Output extends RingletWork {
    private @Nullable FileOutput output;

    Output(FileWork.Task task, AtomicLong count) {
      super(task, count);
    }

    @Override
    void begin(ActorContext<Message> context) {
      output = file().output(OutputOptions.defaults().withConcurrency(super.task.depth()));
      write(context);
    }

    private void write(ActorContext<Message> context) {
      IoBuffer buffer = context.io().buffer(super.task.block());
      buffer.wrote(super.task.block());
      context.pipe(
          Objects.requireNonNull(output).write(buffer),
          (ignored, failure) -> failure == null ? new Taken() : new Failed(failure));
    }

    @Override
    void next(Message message, ActorContext<Message> context) {
      count();
      if (Objects.requireNonNull(output).position() >= super.size) {
        begin(context);
      } else {
        write(context);
      }
    }
  }

  private static final class Log extends RingletWork {
    private long position;

    Log(FileWork.Task task, AtomicLong count) {
      super(task, count);
    }

    @Override
    void begin(ActorContext<Message> context) {
      for (int i = 0; i < super.task.depth(); i++) {
        append(context);
      }
    }

    private void append(ActorContext<Message> context) {
      int block = super.task.block();
      IoBuffer buffer = context.io().buffer(block);
      buffer.wrote(block);
      context.pipe(
          file().write(position, buffer),
          (ignored, failure) -> failure == null ? new Taken() : new Failed(failure));
      position += block;
    }

    @Override
    void next(Message message, ActorContext<Message> context) {
      if (message instanceof Taken && super.task.work().equals("log")) {
        context.pipe(
            file().dataSync(),
            (ignored, failure) -> failure == null ? new End() : new Failed(failure));
      } else {
        count();
        append(context);
      }
    }
  }
}
