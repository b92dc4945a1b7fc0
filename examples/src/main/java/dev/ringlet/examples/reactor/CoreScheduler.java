package dev.ringlet.examples.reactor;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.JoinHandle;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A Reactor scheduler that runs on one executor, with the timers of that executor.
 *
 * <p>Behind it is one actor: each task is a message, and has a turn of its own. So tasks run one
 * after the other, those of one thread in the order in which it has scheduled them, and none of
 * them may block. Delays are never early; a periodic task runs at a fixed rate.
 *
 * <p>A task that throws is counted and logged by the system as a failure of the actor, which goes
 * on, and so does a periodic task. Once the scheduler is disposed, or its system is closed, nothing
 * runs any more, and {@code schedule} throws a {@link
 * java.util.concurrent.RejectedExecutionException}. A task that is scheduled just then may be
 * dropped.
 *
 * <p><b>Thread:</b> any thread, for workers and tasks too.
 *
 * <pre>{@code
 * CoreScheduler core = CoreScheduler.on(executor, ActorOptions.named("clock"));
 * Flux.interval(Duration.ofMillis(10), core).subscribe(tick -> ...); // on the executor
 * }</pre>
 */
public final class CoreScheduler implements Scheduler {
  private final ActorRef<Letter> actor;
  private final AtomicBoolean disposed;

  /** For tasks without a worker; it ends with the scheduler. */
  private final CoreWorker direct;

  private CoreScheduler(ActorRef<Letter> actor, AtomicBoolean disposed) {
    this.actor = actor;
    this.disposed = disposed;
    this.direct = new CoreWorker(this);
  }

  /**
   * Makes a scheduler.
   *
   * @param executor where tasks run
   * @param options name and priority class of the actor behind it
   * @return the scheduler; {@link #dispose} gives it back
   * @throws IllegalStateException if the system is closed
   */
  public static CoreScheduler on(ActorExecutor executor, ActorOptions options) {
    AtomicBoolean disposed = new AtomicBoolean();
    ActorRef<Letter> actor =
        executor.spawn(
            () -> new Clerk(disposed),
            options.withSupervision(Supervision.resume()).withMailbox(Mailbox.unbounded()));
    return new CoreScheduler(actor, disposed);
  }

  /**
   * Has Reactor refuse to block on the executors of a system: {@code Mono.block()} and the like
   * then throw there, as they do on the threads of Reactor's own parallel scheduler.
   *
   * @param system the system; once for each
   */
  public static void markNonBlocking(ActorSystem system) {
    List<WeakReference<Thread>> threads =
        system.submitToEach(context -> Thread.currentThread()).stream()
            .map(JoinHandle::join)
            .map(WeakReference::new)
            .toList();
    Schedulers.registerNonBlockingThreadPredicate(
        thread -> threads.stream().anyMatch(executor -> executor.refersTo(thread)));
  }

  @Override
  public Disposable schedule(Runnable task) {
    return direct.schedule(task);
  }

  @Override
  public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
    return direct.schedule(task, delay, unit);
  }

  @Override
  public Disposable schedulePeriodically(
      Runnable task, long initialDelay, long period, TimeUnit unit) {
    return direct.schedulePeriodically(task, initialDelay, period, unit);
  }

  @Override
  public Worker createWorker() {
    return new CoreWorker(this);
  }

  /** There is nothing to start; a disposed scheduler does not come back. */
  @Override
  public void init() {
    if (isDisposed()) {
      throw new IllegalStateException("the scheduler was disposed; make another one");
    }
  }

  @Override
  public void dispose() {
    if (!disposed.getAndSet(true)) {
      actor.tell(ActorContext::stop);
    }
  }

  @Override
  public boolean isDisposed() {
    return disposed.get();
  }

  /** Once disposed it tells its actor nothing: all that the actor holds ends with it. */
  void tell(Letter letter) {
    if (!isDisposed()) {
      actor.tell(letter);
    }
  }

  /** Handles what it is told; in the end nothing more is scheduled. */
  private static final class Clerk implements Actor<Letter> {
    private final AtomicBoolean disposed;

    Clerk(AtomicBoolean disposed) {
      this.disposed = disposed;
    }

    @Override
    public void receive(Letter letter, ActorContext<Letter> context) {
      letter.arrive(context);
    }

    @Override
    public void postStop(ActorContext<Letter> context) {
      disposed.set(true);
    }
  }
}
