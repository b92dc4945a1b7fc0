package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.DiskQueueStats;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shares of a real disk on real threads, by count. */
@OnBothDrivers
final class DiskSharesTest {
  private static final PriorityClass MANY =
      new PriorityClass("many", Shares.of(300), Latency.notImportant());
  private static final PriorityClass FEW =
      new PriorityClass("few", Shares.of(100), Latency.notImportant());
  private static final int READ = 4096;

  private final String driver;
  @TempDir private Path folder;
  private @Nullable ActorSystem system;

  DiskSharesTest(String driver) {
    this.driver = driver;
  }

  private ActorSystem open(int depth) {
    ActorSystem opened = ActorSystem.create("disk", Systems.pool(driver, 1).withDiskDepth(depth));
    system = opened;
    return opened;
  }

  @AfterEach
  void close() {
    if (system != null) {
      system.close();
      assertEquals(0, system.stats().executors().get(0).buffersLent());
    }
  }

  private static DiskQueueStats disk(ActorSystem system, PriorityClass priorityClass) {
    return system.stats().executors().get(0).taskQueues().stream()
        .filter(queue -> queue.priorityClass().equals(priorityClass))
        .findFirst()
        .orElseThrow()
        .disk();
  }

  private AsyncFile file(ActorSystem opened) {
    AsyncFile file =
        Systems.value(
            opened.executors().get(0),
            io ->
                io.open(
                    folder.resolve("file"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
    Systems.get(file.truncate(64L * READ).toCompletionStage());
    return file;
  }

  /** Keeps a number of operations outstanding until the system is closed. */
  private record Busy(int outstanding, BiFunction<ActorContext<Long>, Long, IoOp<?>> next)
      implements Actor<Long> {
    @Override
    public void preStart(ActorContext<Long> context) {
      for (long i = 0; i < outstanding; i++) {
        receive(i, context);
      }
    }

    @Override
    public void receive(Long number, ActorContext<Long> context) {
      context.pipe(
          next.apply(context, number),
          (value, failure) -> {
            if (value instanceof IoBuffer buffer) {
              buffer.release();
            }
            return number + outstanding;
          });
    }
  }

  private static ActorOptions in(PriorityClass priorityClass) {
    return ActorOptions.defaults().withPriorityClass(priorityClass);
  }

  /** One at a time, and 16 wanted by each: three of the one for each of the other. */
  @Test
  void readsAreDoneInProportionToShares() {
    ActorSystem opened = open(1);
    AsyncFile file = file(opened);
    CompletableFuture<Long> told = new CompletableFuture<>();
    AtomicLong few = new AtomicLong();
    AtomicLong fewBefore = new AtomicLong();
    AtomicLong many = new AtomicLong();
    opened.spawn(
        () ->
            new Busy(
                16,
                (context, number) -> {
                  few.incrementAndGet();
                  return file.read(number % 64 * READ, READ);
                }),
        in(FEW));
    Systems.awaitUntil(() -> disk(opened, FEW).waiting() > 8);
    opened.spawn(
        () ->
            new Busy(
                16,
                (context, number) -> {
                  long begun = many.incrementAndGet();
                  if (begun == 100) {
                    fewBefore.set(few.get());
                  } else if (begun == 3_100) {
                    told.complete(few.get() - fewBefore.get());
                  }
                  return file.read(number % 64 * READ, READ);
                }),
        in(MANY));
    // What has been done and not been handled yet, at both ends.
    assertEquals(1_000, Systems.get(told), 30);
  }

  /**
   * Reads, writes and syncs of a class with few shares fill the disk and 256 more wait; a read of
   * another class waits for what is with the driver, not for what waits.
   */
  @Test
  void aReadDoesNotWaitBehindTheBacklogOfAnotherClass() {
    int depth = 4;
    ActorSystem opened = open(depth);
    AsyncFile file = file(opened);
    PriorityClass front = new PriorityClass("front", Shares.of(1000), Latency.notImportant());
    CompletableFuture<Long> worst = new CompletableFuture<>();
    opened.spawn(
        () ->
            new Busy(
                256,
                (context, number) ->
                    switch ((int) (number % 8)) {
                      case 0 -> file.dataSync();
                      case 1, 2, 3 ->
                          file.write(
                              number % 64 * READ, context.io().buffer(READ).write(new byte[READ]));
                      default -> file.read(number % 64 * READ, READ);
                    }),
        in(FEW));
    Systems.awaitUntil(() -> disk(opened, FEW).waiting() > 200);
    opened.spawn(() -> new Front(opened, file, worst), in(front));
    long most = Systems.get(worst);
    assertTrue(most <= 1, most + " of the others' got a place while a read waited");
    assertTrue(disk(opened, front).waits().count() > 0, "it had to wait for a place");
    assertTrue(disk(opened, FEW).waitingPeak() >= 200);
    assertTrue(opened.stats().executors().get(0).diskInFlight() <= depth);
  }

  /** Reads one after the other and counts what the others get meanwhile. */
  private static final class Front implements Actor<Integer> {
    private final ActorSystem system;
    private final AsyncFile file;
    private final CompletableFuture<Long> told;
    private long worst;

    Front(ActorSystem system, AsyncFile file, CompletableFuture<Long> told) {
      this.system = system;
      this.file = file;
      this.told = told;
    }

    @Override
    public void preStart(ActorContext<Integer> context) {
      receive(0, context);
    }

    private static long given(ActorSystem system, PriorityClass priorityClass) {
      return disk(system, priorityClass).waits().count();
    }

    @Override
    public void receive(Integer done, ActorContext<Integer> context) {
      if (done == 200) {
        told.complete(worst);
        return;
      }
      long before = given(system, FEW);
      PriorityClass own = context.priorityClass();
      long ownBefore = given(system, own);
      // In a later turn: by then it may have its place, and others get places after it.
      IoOp<IoBuffer> read = file.read(done % 64 * (long) READ, READ);
      context.pipe(
          read,
          (buffer, failure) -> {
            if (buffer != null) {
              buffer.release();
            }
            return done + 1;
          });
      watch(context, own, before, ownBefore);
    }

    private void watch(
        ActorContext<Integer> context, PriorityClass own, long before, long ownBefore) {
      boolean placed = given(system, own) > ownBefore || disk(system, own).waiting() == 0;
      if (!placed) {
        worst = Math.max(worst, given(system, FEW) - before);
        context.yield(() -> watch(context, own, before, ownBefore));
      }
    }
  }
}
