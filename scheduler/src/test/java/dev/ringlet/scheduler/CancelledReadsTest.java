package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.scheduler.Cancelling.Moment;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred reads that are cancelled wherever they may be. Each ends once, with its bytes or
 * cancelled, and its memory is used for something else at once: were it given back while the kernel
 * may still write to it, that would change.
 */
@OnBothDrivers
final class CancelledReadsTest {
  private static final int READS = 100;

  /** A multiple of what direct I/O wants. */
  private static final int BYTES = 8192;

  private static final byte[] REUSED = bytes(-1);

  private final String driver;
  @TempDir private Path folder;
  private Path path;

  CancelledReadsTest(String driver) {
    this.driver = driver;
  }

  private static byte[] bytes(int value) {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @BeforeEach
  void write() throws IOException {
    byte[] content = new byte[READS * BYTES];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i / BYTES);
    }
    path = Files.write(folder.resolve("file"), content);
  }

  private ExecutorPool pool() {
    return Systems.pool(driver, 1);
  }

  @Test
  void readsAreCancelledBeforeTheyStart() {
    assertEquals(READS, cancelled(pool(), Moment.BEFORE_THE_START));
  }

  /** The disk does one at a time, and has the first. */
  @Test
  void readsAreCancelledWhileTheyWaitForTheDisk() {
    int cancelled = cancelled(pool().withDiskDepth(1), Moment.IN_THE_SAME_TURN);
    assertTrue(cancelled >= READS - 1, cancelled + " cancelled");
  }

  @Test
  void readsAreCancelledInTheDriverAndInTheKernel() {
    for (Moment moment : Moment.values()) {
      cancelled(pool().withDiskDepth(1024), moment);
    }
    cancelled(pool().withRingEntries(4).withDiskDepth(1024), Moment.ONE_AFTER_THE_OTHER);
  }

  /** The disk writes to the memory itself, long after the kernel has got the request. */
  @Test
  void readsPastThePageCacheAreCancelled() {
    for (Moment moment : Moment.values()) {
      cancelled(pool().withDiskDepth(1024), moment, FileOption.DIRECT);
    }
    cancelled(pool(), Moment.ONE_AFTER_THE_OTHER, FileOption.DIRECT);
  }

  /** Returns how many were cancelled. */
  private int cancelled(ExecutorPool pool, Moment moment, OpenOption... options) {
    try (ActorSystem system = ActorSystem.create("test", pool)) {
      ActorExecutor executor = system.executors().get(0);
      AsyncFile file = Systems.value(executor, io -> io.open(path, options));
      List<IoBuffer> reused = new ArrayList<>();
      List<@Nullable Throwable> failures =
          Cancelling.<Object>all(
              executor,
              READS,
              moment,
              (io, i) -> read(io, file, i),
              (io, i, value) -> {
                check(i, value);
                reused.add(io.buffer(BYTES).write(REUSED));
              });
      Systems.get(file.close().toCompletionStage());
      for (IoBuffer each : reused) {
        assertArrayEquals(REUSED, FileWorkbench.take(each));
      }
      Systems.assertAtRest(system);
      return count(failures);
    }
  }

  /** Every other one reads into buffers of its own. */
  private static IoOp<?> read(Io io, AsyncFile file, int index) {
    long position = (long) index * BYTES;
    return index % 2 == 0
        ? file.read(position, BYTES)
        : file.read(position, List.of(io.buffer(BYTES)));
  }

  /** The memory that is given back last is lent first. */
  private static void check(int index, @Nullable Object value) {
    if (value != null) {
      IoBuffer buffer = (IoBuffer) (value instanceof List<?> many ? many.get(0) : value);
      assertArrayEquals(bytes(index), FileWorkbench.take(buffer), "read " + index);
    }
  }

  private static int count(List<@Nullable Throwable> failures) {
    List<@Nullable Throwable> cancelled = failures.stream().filter(Objects::nonNull).toList();
    for (Throwable failure : cancelled) {
      assertTrue(
          failure instanceof IoException io && io.errno() == Errno.ECANCELED, failure::toString);
    }
    return cancelled.size();
  }
}
