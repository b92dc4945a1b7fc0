package dev.ringlet.scheduler;

import dev.ringlet.actor.RingletException;
import dev.ringlet.executor.CpuSet;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Starts the executors of a system: all of them or none. */
final class SystemStart {
  private static final int MAX_COMPLETION_ENTRIES = 65_536;

  private final DefaultActorSystem system;
  private final ExecutorPool pool;
  private final DriverSelection drivers;
  private final Pinning pinning;
  private final int count;

  SystemStart(DefaultActorSystem system, ExecutorPool pool) {
    this.system = system;
    this.pool = pool;
    this.count = pool.count() > 0 ? pool.count() : Runtime.getRuntime().availableProcessors();
    this.drivers = DriverSelection.of(pool);
    this.pinning = Pinning.plan(pool, count);
  }

  List<CoreExecutor> run() {
    List<CompletableFuture<CoreExecutor>> starting = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starting.add(startThread(i));
    }
    try {
      return starting.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException failure) {
      starting.forEach(SystemStart::endIfStarted);
      Throwable cause = Objects.requireNonNull(failure.getCause());
      throw new RingletException(
          "system " + system.name() + " did not start: " + cause.getMessage(), cause);
    }
  }

  private CompletableFuture<CoreExecutor> startThread(int index) {
    CompletableFuture<CoreExecutor> started = new CompletableFuture<>();
    Thread thread =
        new ExecutorThread(() -> live(index, started), "ringlet-" + system.name() + "-" + index);
    thread.setDaemon(false);
    try {
      thread.start();
    } catch (OutOfMemoryError noThread) {
      started.completeExceptionally(noThread);
    }
    return started;
  }

  private void live(int index, CompletableFuture<CoreExecutor> started) {
    CoreExecutor executor;
    try {
      executor = create(index);
    } catch (Throwable failure) {
      started.completeExceptionally(failure);
      return;
    }
    started.complete(executor);
    executor.run();
  }

  private CoreExecutor create(int index) {
    CpuSet cpus = pinning.pin(index);
    boolean dedicated = !cpus.isEmpty() && pinning.isDedicated(index);
    IoDriver driver = drivers.create(driverOptions(pool, system.ticker()), index);
    try {
      return new CoreExecutor(system, index, cpus, dedicated, pool, driver);
    } catch (Throwable failure) {
      driver.close((request, result, payload, more) -> {});
      throw failure;
    }
  }

  /** What an executor asks of its driver. */
  static IoDriverOptions driverOptions(ExecutorPool pool, Ticker ticker) {
    int submissions = pool.ringEntries();
    return new IoDriverOptions(
        submissions,
        Math.min(submissions * 16, MAX_COMPLETION_ENTRIES),
        pool.receiveBufferCount(),
        pool.receiveBufferBytes(),
        ticker);
  }

  private static void endIfStarted(CompletableFuture<CoreExecutor> starting) {
    try {
      CoreExecutor executor = starting.join();
      executor.end();
      Threads.join(executor.thread(), Long.MAX_VALUE);
    } catch (CompletionException failure) {
      // This one is among the reasons, or has nothing to end; the first reason is thrown.
    }
  }
}
