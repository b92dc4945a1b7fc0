package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.Assertions;

/** A system with one executor, and files in a folder, for tests of what is built on files. */
final class FileWorkbench implements AutoCloseable {
  final ActorSystem system;
  final ActorExecutor executor;
  final Io io;
  final Path folder;

  FileWorkbench(String driver, Path folder) {
    this(Systems.pool(driver, 1), folder);
  }

  FileWorkbench(ExecutorPool pool, Path folder) {
    this.folder = folder;
    this.system = ActorSystem.create("test", pool);
    this.executor = system.executors().get(0);
    CompletableFuture<Io> given = new CompletableFuture<>();
    Systems.inTurn(executor, context -> given.complete(context.io()));
    this.io = Systems.get(given);
  }

  /** Prints the seed, so that a failure can be repeated. */
  static Random random(String test) {
    long seed = Long.getLong("ringlet.test.seed", System.nanoTime());
    System.out.println(test + ": -Dringlet.test.seed=" + seed);
    return new Random(seed);
  }

  static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path write(String name, byte[] bytes) {
    try {
      return Files.write(path(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AsyncFile open(Path path, OpenOption... options) {
    return value(io.open(path, options));
  }

  AsyncFile open(String name, byte[] bytes) {
    return open(write(name, bytes));
  }

  /** Past the page cache if that is wanted and the file system can. */
  AsyncFile open(String name, byte[] bytes, boolean direct) {
    return direct ? openDirect(write(name, bytes)) : open(name, bytes);
  }

  private AsyncFile openDirect(Path path) {
    IoOp<AsyncFile> open =
        io.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, FileOption.DIRECT);
    try {
      return value(open);
    } catch (CompletionException refused) {
      boolean cannot = refused.getCause() instanceof IoException e && e.errno() == Errno.EINVAL;
      assumeFalse(cannot, "the file system has no direct I/O");
      throw refused;
    }
  }

  <T> T value(IoOp<T> op) {
    return Systems.get(op.toCompletionStage());
  }

  IoException failure(IoOp<?> op) {
    CompletionException thrown =
        Assertions.assertThrows(
            CompletionException.class, () -> Systems.get(op.toCompletionStage()));
    return (IoException) thrown.getCause();
  }

  /** Runs code on the executor's thread and returns what it gives. */
  <T> T inTurn(Function<Io, T> code) {
    CompletableFuture<T> given = new CompletableFuture<>();
    Systems.inTurn(executor, context -> given.complete(code.apply(context.io())));
    return Systems.get(given);
  }

  IoBuffer buffer(byte[] bytes) {
    return inTurn(buffers -> buffers.buffer(Math.max(1, bytes.length)).write(bytes));
  }

  static byte[] take(IoBuffer buffer) {
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  long lent() {
    return executor.stats().buffersLent();
  }

  long submitted() {
    return executor.stats().io().submitted();
  }

  /** Checks that nothing is lent and nothing has failed. */
  @Override
  public void close() {
    Systems.awaitUntil(() -> lent() == 0 && executor.stats().io().buffersLent() == 0);
    assertEquals(0, system.stats().failures());
    system.close();
    // What has begun on another thread is not waited for by the close, and works in the folder.
    Systems.awaitUntil(() -> system.stats().offloadRunning() == 0);
  }
}
