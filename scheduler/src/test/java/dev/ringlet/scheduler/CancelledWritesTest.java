package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.Io;
import dev.ringlet.io.IoException;
import dev.ringlet.scheduler.Cancelling.Moment;
import dev.ringlet.spi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hundred writes that are cancelled wherever they may be. Each ends once; what says that it was
 * written is there, and what was cancelled has left nothing but what was there or what it would
 * have written. Whatever ends has its memory used for something else at once: were it given back
 * while the kernel still reads it, that would stand in the file.
 */
@OnBothDrivers
final class CancelledWritesTest {
  private static final int WRITES = 200;

  /** A multiple of what direct I/O wants. */
  private static final int BYTES = 8192;

  private static final byte OLD = -1;
  private static final byte REUSED = -2;

  private final String driver;
  @TempDir private Path folder;

  CancelledWritesTest(String driver) {
    this.driver = driver;
  }

  private ExecutorPool pool() {
    return Systems.pool(driver, 1);
  }

  @Test
  void writesAreCancelledBeforeTheyStart() throws IOException {
    assertEquals(WRITES, cancelled(pool(), Moment.BEFORE_THE_START));
  }

  /** The disk does one at a time, and has the first. */
  @Test
  void writesAreCancelledWhileTheyWaitForTheDisk() throws IOException {
    int cancelled = cancelled(pool().withDiskDepth(1), Moment.IN_THE_SAME_TURN);
    assertTrue(cancelled >= WRITES - 1, cancelled + " cancelled");
  }

  /** The ring has four entries; the threads for files of the other driver do four at a time. */
  @Test
  void writesAreCancelledWhileTheyWaitInTheDriver() throws IOException {
    ExecutorPool pool = pool().withRingEntries(4).withDiskDepth(1024);
    int cancelled = cancelled(pool, Moment.IN_THE_SAME_TURN);
    int atLeast = driver.equals("uring") ? WRITES - 4 : 0;
    assertTrue(cancelled >= atLeast, cancelled + " cancelled");
  }

  @Test
  void writesAreCancelledAsTheKernelGetsThem() throws IOException {
    cancelled(pool().withDiskDepth(1024), Moment.IN_THE_SAME_TURN);
  }

  @Test
  void writesAreCancelledAfterTheKernelHasGotThem() throws IOException {
    cancelled(pool().withDiskDepth(1024), Moment.IN_THE_NEXT_TURN);
    cancelled(pool().withDiskDepth(1024), Moment.WHEN_THE_FIRST_HAS_ENDED);
    cancelled(pool().withDiskDepth(1024), Moment.ONE_AFTER_THE_OTHER);
  }

  /** The disk reads the memory itself, long after the kernel has got the request. */
  @Test
  void writesPastThePageCacheAreCancelled() throws IOException {
    for (Moment moment : Moment.values()) {
      cancelled(pool().withDiskDepth(1024), moment, FileOption.DIRECT);
    }
    cancelled(pool(), Moment.WHEN_THE_FIRST_HAS_ENDED, FileOption.DIRECT);
  }

  /** These wait in the kernel's threads. */
  @Test
  void durableWritesAreCancelled() throws IOException {
    cancelled(pool(), Moment.IN_THE_NEXT_TURN, StandardOpenOption.DSYNC);
    cancelled(pool().withDiskDepth(1024), Moment.IN_THE_NEXT_TURN, StandardOpenOption.DSYNC);
  }

  /** Returns how many were cancelled. */
  private int cancelled(ExecutorPool pool, Moment moment, OpenOption... options)
      throws IOException {
    byte[] old = new byte[WRITES * BYTES];
    Arrays.fill(old, OLD);
    Path path = Files.write(folder.resolve("file"), old);
    try (ActorSystem system = ActorSystem.create("test", pool)) {
      ActorExecutor executor = system.executors().get(0);
      OpenOption[] all = Arrays.copyOf(options, options.length + 1);
      all[options.length] = StandardOpenOption.WRITE;
      AsyncFile file = Systems.value(executor, io -> io.open(path, all));
      List<@Nullable Throwable> failures = writeAndCancel(executor, file, moment);
      Systems.get(file.close().toCompletionStage());
      Systems.awaitUntil(() -> executor.stats().buffersLent() == 0);
      assertEquals(executor.stats().io().submitted(), executor.stats().io().completed());
      assertEquals(0, system.stats().failures());
      return check(failures, Files.readAllBytes(path));
    }
  }

  private static List<@Nullable Throwable> writeAndCancel(
      ActorExecutor executor, AsyncFile file, Moment moment) {
    return Cancelling.<Integer>all(
        executor,
        WRITES,
        moment,
        (io, i) -> file.write((long) i * BYTES, io.buffer(BYTES).write(pattern(i))),
        (io, i, written) -> {
          assertTrue(written == null || written == BYTES, "write " + i + " says " + written);
          reuseMemory(io);
        });
  }

  /** The memory that was given back last is lent first. */
  private static void reuseMemory(Io io) {
    byte[] other = new byte[BYTES];
    Arrays.fill(other, REUSED);
    io.buffer(BYTES).write(other).release();
  }

  private static byte[] pattern(int index) {
    byte[] pattern = new byte[BYTES];
    Arrays.fill(pattern, (byte) (index % 100 + 1));
    return pattern;
  }

  private static int check(List<@Nullable Throwable> failures, byte[] content) {
    assertEquals(WRITES * BYTES, content.length);
    int cancelled = 0;
    for (int i = 0; i < WRITES; i++) {
      byte[] part = Arrays.copyOfRange(content, i * BYTES, (i + 1) * BYTES);
      Throwable failure = failures.get(i);
      if (failure == null) {
        assertTrue(Arrays.equals(pattern(i), part), "write " + i + " is not what it says");
      } else {
        assertTrue(
            failure instanceof IoException io && io.errno() == Errno.ECANCELED, failure::toString);
        assertIsOldOrNew(i, part);
        cancelled++;
      }
    }
    return cancelled;
  }

  private static void assertIsOldOrNew(int index, byte[] part) {
    byte written = pattern(index)[0];
    for (byte each : part) {
      assertTrue(each == OLD || each == written, "write " + index + " has left " + each);
    }
  }
}
