package dev.ringlet.scheduler;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The end of a system, in this order: messages that were sent are handled, as far as a quarter of
 * the deadline goes; actors stop, leaf first; threads end.
 */
final class SystemClose {
  private static final System.Logger LOG = System.getLogger(SystemClose.class.getName());
  private static final long PROBE_PAUSE_NANOS = 100_000;
  private static final long GRACE_NANOS = Duration.ofSeconds(1).toNanos();

  private final String name;
  private final List<CoreExecutor> executors;
  private final long startNanos = System.nanoTime();
  private final long deadlineNanos;

  SystemClose(String name, List<CoreExecutor> executors, Duration deadline) {
    this.name = name;
    this.executors = executors;
    this.deadlineNanos = Nanos.of(deadline);
  }

  void run() {
    drainMessages();
    executors.forEach(executor -> executor.residents().stop());
    List<CoreExecutor> late = new ArrayList<>();
    for (CoreExecutor executor : executors) {
      if (!await(executor.residents().drained(), left())) {
        late.add(executor);
      }
    }
    report(late);
    executors.forEach(CoreExecutor::end);
    joinAll();
  }

  private long left() {
    return deadlineNanos - (System.nanoTime() - startNanos);
  }

  /**
   * Waits until nothing is on its way. In two rounds each executor says whether it is at rest and
   * how many messages it has handled. If all rest in both and the sums are equal, nothing was sent
   * between them, and what had been sent before the first was seen at the latest in the second.
   */
  private void drainMessages() {
    long reserve = deadlineNanos - deadlineNanos / 4;
    long before = Probe.BUSY;
    while (left() > reserve) {
      long now = probe(left() - reserve);
      if (now != Probe.BUSY && now == before) {
        return;
      }
      before = now;
      LockSupport.parkNanos(PROBE_PAUSE_NANOS);
    }
  }

  private long probe(long nanos) {
    long end = System.nanoTime() + nanos;
    List<Probe> probes = new ArrayList<>();
    for (CoreExecutor executor : executors) {
      Probe probe = new Probe();
      probes.add(probe);
      executor.send(probe);
    }
    long sum = 0;
    for (Probe probe : probes) {
      long handled =
          await(probe.answer, end - System.nanoTime()) ? probe.answer.join() : Probe.BUSY;
      sum = handled == Probe.BUSY || sum == Probe.BUSY ? Probe.BUSY : sum + handled;
    }
    return sum;
  }

  private void report(List<CoreExecutor> late) {
    List<LivingActors> reports = new ArrayList<>();
    for (CoreExecutor executor : late) {
      LivingActors living = new LivingActors();
      reports.add(living);
      executor.send(living, true);
    }
    long end = System.nanoTime() + GRACE_NANOS / 10;
    for (int i = 0; i < late.size(); i++) {
      report(late.get(i), reports.get(i), end - System.nanoTime());
    }
  }

  private static void report(CoreExecutor executor, LivingActors living, long nanos) {
    if (await(living.answer, nanos)) {
      LOG.log(
          Level.WARNING,
          "{0} ends although actors have not stopped within the deadline: {1}",
          executor,
          living.answer.join());
    } else {
      IllegalStateException place = new IllegalStateException("it is here");
      place.setStackTrace(executor.thread().getStackTrace());
      LOG.log(Level.WARNING, executor + " does not answer; an actor blocks its thread", place);
    }
  }

  /** One grace for all; who is late is interrupted, and all of them have one more. */
  private void joinAll() {
    long end = System.nanoTime() + Math.max(left(), GRACE_NANOS);
    List<CoreExecutor> late = new ArrayList<>();
    for (CoreExecutor executor : executors) {
      if (!Threads.join(executor.thread(), Math.max(1, end - System.nanoTime()))) {
        late.add(executor);
      }
    }
    late.forEach(executor -> executor.thread().interrupt());
    long lastEnd = System.nanoTime() + GRACE_NANOS;
    for (CoreExecutor executor : late) {
      if (!Threads.join(executor.thread(), Math.max(1, lastEnd - System.nanoTime()))) {
        LOG.log(Level.ERROR, "{0}: the thread of {1} was left behind", name, executor);
      }
    }
  }

  /**
   * Whether it is complete within the time; an interrupt is remembered and does not cut it short.
   */
  private static boolean await(CompletableFuture<?> future, long nanos) {
    long end = System.nanoTime() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
          return true;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          return false;
        } catch (ExecutionException e) {
          throw new AssertionError(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Probe extends Command {
    static final long BUSY = -1;

    private final CompletableFuture<Long> answer = new CompletableFuture<>();

    @Override
    void run(CoreExecutor executor) {
      answer.complete(executor.isResting() ? executor.counters().messages.get() : BUSY);
    }

    @Override
    void refused(CoreExecutor executor) {
      answer.complete(executor.counters().messages.get());
    }
  }

  private static final class LivingActors extends Command {
    private static final int MAX_NAMED = 20;

    private final CompletableFuture<List<String>> answer = new CompletableFuture<>();

    @Override
    void run(CoreExecutor executor) {
      List<String> paths = new ArrayList<>();
      executor
          .residents()
          .collectLiving(
              cell -> {
                if (paths.size() < MAX_NAMED) {
                  paths.add(cell.path());
                }
              });
      answer.complete(paths);
    }

    @Override
    void refused(CoreExecutor executor) {
      answer.complete(List.of());
    }
  }
}
