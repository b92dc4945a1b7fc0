package dev.ringlet.examples.reactor;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.TimerHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * A task: the message that brings it to the actor, the tick when its time has come, and the way to
 * cancel it. Any thread disposes it; the rest is for the actor.
 */
final class CoreTask implements Letter, Disposable {
  /** The period of a task that runs once. */
  static final long ONCE = -1;

  private final CoreWorker worker;
  private final Runnable work;
  private final boolean timed;
  private final long periodNanos;

  /** When it runs next. */
  private long dueNanos;

  private boolean arrived;
  private @Nullable TimerHandle timer;

  /** Cancelled, or done. */
  private volatile boolean disposed;

  /**
   * @param delayNanos from now on; zero or less for as soon as possible
   * @param periodNanos zero or more, or {@link #ONCE}
   */
  CoreTask(CoreWorker worker, Runnable work, long delayNanos, long periodNanos) {
    this.worker = worker;
    this.work = Schedulers.onSchedule(work);
    this.timed = delayNanos > 0;
    this.periodNanos = periodNanos;
    this.dueNanos = System.nanoTime() + Math.max(0, delayNanos);
  }

  @Override
  public void dispose() {
    if (!disposed) {
      disposed = true;
      if (timed || periodNanos != ONCE) {
        worker.cancel(this);
      }
    }
  }

  @Override
  public boolean isDisposed() {
    return disposed || worker.isDisposed();
  }

  @Override
  public void arrive(ActorContext<Letter> context) {
    boolean waits = timed && !arrived;
    arrived = true;
    timer = null;
    if (isDisposed()) {
      worker.waitsNoMore(this);
    } else if (waits) {
      await(context);
    } else {
      run(context);
    }
  }

  private void run(ActorContext<Letter> context) {
    try {
      work.run();
    } finally {
      if (periodNanos != ONCE && !isDisposed()) {
        dueNanos += periodNanos;
        await(context);
      } else {
        disposed = true;
        worker.waitsNoMore(this);
      }
    }
  }

  private void await(ActorContext<Letter> context) {
    long delayNanos = Math.max(0, dueNanos - System.nanoTime());
    timer = context.timers().once(Duration.ofNanos(delayNanos), this);
    worker.waits(this);
  }

  void cancelTimer() {
    TimerHandle started = timer;
    timer = null;
    if (started != null) {
      // False if it has ticked already; then the tick finds that it is disposed.
      boolean unused = started.cancel();
    }
    worker.waitsNoMore(this);
  }
}
