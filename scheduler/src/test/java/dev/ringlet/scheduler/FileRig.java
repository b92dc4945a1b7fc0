package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.spi.OpenFiles;
import java.io.File;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A system with one executor whose files a test uses from outside. Its close checks that buffers
 * and descriptors are back.
 */
final class FileRig implements AutoCloseable {
  private static final OpenOption[] NO_OPTIONS = {};

  static {
    // Once it has looked, what the JDK keeps open is open.
    var unused = OpenFiles.list();
  }

  final ActorSystem system;
  final Io io;
  private final int descriptors;
  private final List<AsyncFile> open = new ArrayList<>();

  FileRig(String driver) {
    this(Systems.pool(driver, 1));
  }

  FileRig(ExecutorPool pool) {
    system = ActorSystem.create("test", pool);
    CompletableFuture<Io> given = new CompletableFuture<>();
    Systems.inTurn(executor(), context -> given.complete(context.io()));
    io = Systems.get(given);
    descriptors = descriptors();
  }

  static int descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  ActorExecutor executor() {
    return system.executors().get(0);
  }

  <T> T get(IoOp<T> operation) {
    return Systems.get(operation.toCompletionStage());
  }

  /** What an operation fails with. */
  IoException failure(IoOp<?> operation) {
    CompletionException thrown =
        assertThrows(CompletionException.class, () -> get(operation), operation::toString);
    return assertInstanceOf(IoException.class, thrown.getCause());
  }

  void fails(int errno, IoOp<?> operation) {
    IoException failure = failure(operation);
    assertEquals(errno, failure.errno(), failure::toString);
  }

  AsyncFile open(Path path, OpenOption... options) {
    AsyncFile file = get(io.open(path, options));
    open.add(file);
    return file;
  }

  AsyncFile open(Path path) {
    return open(path, NO_OPTIONS);
  }

  /** A buffer of the executor's pool with readable bytes. */
  IoBuffer buffer(byte[] bytes) {
    return empty(Math.max(1, bytes.length)).write(bytes);
  }

  IoBuffer empty(int bytes) {
    CompletableFuture<IoBuffer> given = new CompletableFuture<>();
    Systems.inTurn(executor(), context -> given.complete(context.io().buffer(bytes)));
    return Systems.get(given);
  }

  static byte[] take(IoBuffer buffer) {
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  byte[] read(AsyncFile file, long position, int length) {
    return take(get(file.read(position, length)));
  }

  long buffersLent() {
    return system.stats().executors().get(0).buffersLent();
  }

  @Override
  public void close() {
    try {
      open.forEach(file -> get(file.close()));
      Systems.awaitUntil(() -> buffersLent() == 0);
      Systems.awaitUntil(() -> descriptors() <= descriptors);
    } finally {
      system.close();
    }
  }
}
