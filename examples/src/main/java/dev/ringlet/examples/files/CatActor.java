package dev.ringlet.examples.files;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.IoSubscription;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends files to an output, in the buffers they were read into; {@code -} is standard input. A
 * file that cannot be read is told and left out; an output that cannot be written ends it.
 */
final class CatActor implements Actor<CatActor.Message> {
  /** Chunks under way between read and write. */
  private static final int WINDOW = 4;

  private static final Path STANDARD_INPUT = Path.of("-");

  /** What it is told. */
  sealed interface Message {}

  /** What is read, and how it is closed. */
  private record Opened(IoStream<IoBuffer> chunks, Supplier<IoOp<Void>> close) implements Message {}

  private record Chunk(IoBuffer bytes) implements Message {}

  private record Read(@Nullable IoException failure) implements Message {}

  private record Written() implements Message {}

  private record Broken(IoException failure) implements Message {}

  private final Iterator<Path> rest;
  private final @Nullable Path target;
  private final Consumer<IoException> complaint;
  private final CompletableFuture<Boolean> done;

  /** How a chunk is written. */
  private @Nullable Function<IoBuffer, IoOp<Integer>> output;

  private @Nullable Supplier<IoOp<Void>> closeOutput;
  private @Nullable Supplier<IoOp<Void>> closeInput;
  private @Nullable IoSubscription chunks;
  private int writing;
  private boolean atEnd;
  private boolean allRead = true;

  /**
   * Creates one.
   *
   * @param sources the files
   * @param target where they are appended; standard output if it is null
   * @param complaint hears of each file that cannot be read
   * @param done whether all could be read; fails if the output cannot be written
   */
  CatActor(
      List<Path> sources,
      @Nullable Path target,
      Consumer<IoException> complaint,
      CompletableFuture<Boolean> done) {
    this.rest = List.copyOf(sources).iterator();
    this.target = target;
    this.complaint = complaint;
    this.done = done;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    Path file = target;
    if (file == null) {
      context.await(
          context.io().stdout(),
          (stdout, failure) -> {
            if (stdout != null) {
              output = stdout::send;
              closeOutput = stdout::close;
            }
            begin(failure, context);
          });
    } else {
      context.await(
          context.io().open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
          (opened, failure) -> {
            if (opened != null) {
              output = opened::append;
              closeOutput = opened::close;
            }
            begin(failure, context);
          });
    }
  }

  private void begin(@Nullable IoException failure, ActorContext<Message> context) {
    if (failure != null) {
      context.self().tell(new Broken(failure));
    } else {
      next(context);
    }
  }

  private void next(ActorContext<Message> context) {
    if (!rest.hasNext()) {
      done.complete(allRead);
      context.stop();
      return;
    }
    Path source = rest.next();
    if (source.equals(STANDARD_INPUT)) {
      context.pipe(
          context.io().stdin(),
          (stdin, failure) ->
              stdin != null ? new Opened(stdin.receive(), stdin::close) : new Read(failure));
    } else {
      context.pipe(
          context.io().open(source),
          (file, failure) ->
              file != null ? new Opened(file.chunks(), file::close) : new Read(failure));
    }
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Opened opened) {
      closeInput = opened.close();
      chunks = context.subscribe(opened.chunks(), Chunk::new, Read::new, WINDOW);
    } else if (message instanceof Chunk chunk) {
      writing++;
      context.pipe(
          Objects.requireNonNull(output).apply(chunk.bytes()),
          (count, failure) -> failure == null ? new Written() : new Broken(failure));
    } else if (message instanceof Written) {
      writing--;
      Objects.requireNonNull(chunks).request(1);
    } else if (message instanceof Read read) {
      atEnd = true;
      if (read.failure() != null) {
        allRead = false;
        complaint.accept(read.failure());
      }
    } else if (message instanceof Broken broken) {
      done.completeExceptionally(broken.failure());
      context.stop();
      return;
    }
    if (atEnd && writing == 0) {
      atEnd = false;
      close(closeInput);
      closeInput = null;
      next(context);
    }
  }

  private static void close(@Nullable Supplier<IoOp<Void>> close) {
    if (close != null) {
      // It was only read, or all was written: nothing depends on the outcome.
      var unused = close.get().toCompletionStage();
    }
  }

  @Override
  public void postStop(ActorContext<Message> context) {
    close(closeInput);
    close(closeOutput);
    done.completeExceptionally(new IllegalStateException("stopped before the end"));
  }
}
