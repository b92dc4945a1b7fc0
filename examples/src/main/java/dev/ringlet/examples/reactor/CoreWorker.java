package dev.ringlet.examples.reactor;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/** Tasks of a {@link CoreScheduler} that are disposed together. Any thread. */
final class CoreWorker implements Scheduler.Worker {
  private final CoreScheduler scheduler;

  /** Those that wait for their time. Actor only. */
  private final Set<CoreTask> waiting = new HashSet<>();

  private volatile boolean disposed;

  CoreWorker(CoreScheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public Disposable schedule(Runnable task) {
    return send(new CoreTask(this, task, 0, CoreTask.ONCE));
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return send(new CoreTask(this, task, unit.toNanos(delay), CoreTask.ONCE));
  }

  @Override
  public Disposable schedulePeriodically(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    long periodNanos = Math.max(0, unit.toNanos(period));
    return send(new CoreTask(this, task, unit.toNanos(initialDelay), periodNanos));
  }

  private Disposable send(CoreTask task) {
    if (isDisposed()) {
      throw Exceptions.failWithRejected();
    }
    scheduler.tell(task);
    return task;
  }

  @Override
  public void dispose() {
    if (!disposed) {
      disposed = true;
      scheduler.tell(context -> cancelAll());
    }
  }

  @Override
  public boolean isDisposed() {
    return disposed || scheduler.isDisposed();
  }

  /** A task is disposed that may have a timer. */
  void cancel(CoreTask task) {
    scheduler.tell(context -> task.cancelTimer());
  }

  // ---- in a turn of the actor

  void waits(CoreTask task) {
    waiting.add(task);
  }

  void waitsNoMore(CoreTask task) {
    waiting.remove(task);
  }

  private void cancelAll() {
    List.copyOf(waiting).forEach(CoreTask::cancelTimer);
  }
}
