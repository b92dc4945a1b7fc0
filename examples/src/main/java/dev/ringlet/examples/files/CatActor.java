package dev.ringlet.examples.files;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoSubscription;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends files to an output, in the buffers they were read into. A file that cannot be read is
 * told and left out; an output that cannot be written ends it.
 */
final class CatActor implements Actor<CatActor.Message> {
  /** Chunks under way between read and write. */
  private static final int WINDOW = 4;

  /** What it is told. */
  sealed interface Message {}

  private record Opened(AsyncFile file) implements Message {}

  private record Chunk(IoBuffer bytes) implements Message {}

  private record Read(@Nullable IoException failure) implements Message {}

  private record Written() implements Message {}

  private record Broken(IoException failure) implements Message {}

  private final Iterator<Path> rest;
  private final Path target;
  private final Consumer<IoException> complaint;
  private final CompletableFuture<Boolean> done;

  private @Nullable AsyncFile output;
  private @Nullable AsyncFile input;
  private @Nullable IoSubscription chunks;
  private int writing;
  private boolean atEnd;
  private boolean allRead = true;

  /**
   * Creates one.
   *
   * @param sources the files
   * @param target where they are appended, such as {@code /dev/stdout}
   * @param complaint hears of each file that cannot be read
   * @param done whether all could be read; fails if the output cannot be written
   */
  CatActor(
      List<Path> sources,
      Path target,
      Consumer<IoException> complaint,
      CompletableFuture<Boolean> done) {
    this.rest = List.copyOf(sources).iterator();
    this.target = target;
    this.complaint = complaint;
    this.done = done;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    context.await(
        context.io().open(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        (file, failure) -> {
          output = file;
          if (failure != null) {
            context.self().tell(new Broken(failure));
          } else {
            next(context);
          }
        });
  }

  private void next(ActorContext<Message> context) {
    if (rest.hasNext()) {
      context.pipe(
          context.io().open(rest.next()),
          (file, failure) -> file != null ? new Opened(file) : new Read(failure));
    } else {
      done.complete(allRead);
      context.stop();
    }
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Opened opened) {
      input = opened.file();
      chunks = context.subscribe(opened.file().chunks(), Chunk::new, Read::new, WINDOW);
    } else if (message instanceof Chunk chunk) {
      writing++;
      context.pipe(
          Objects.requireNonNull(output).append(chunk.bytes()),
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
      close(input);
      input = null;
      next(context);
    }
  }

  private static void close(@Nullable AsyncFile file) {
    if (file != null) {
      // It was only read, or its appends have completed: nothing depends on the outcome.
      var unused = file.close().toCompletionStage();
    }
  }

  @Override
  public void postStop(ActorContext<Message> context) {
    close(input);
    close(output);
    done.completeExceptionally(new IllegalStateException("stopped before the end"));
  }
}
