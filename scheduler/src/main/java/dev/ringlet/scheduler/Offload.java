package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.Stepping;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads for work that blocks; made with the first of it. In a system that is stepped there are
 * none, and the work waits until it is told to run. Any thread.
 */
final class Offload {
  private static final System.Logger LOG = System.getLogger(Offload.class.getName());
  private static final long KEEP_ALIVE_SECONDS = 10;

  private final String name;
  private final int threads;
  private final int backlog;

  /** Null in a system that runs. */
  private final @Nullable Stepping stepping;

  /** Guarded by this. */
  private @Nullable ThreadPoolExecutor pool;

  /** Work of a system that is stepped, in the order in which it came. Guarded by this. */
  private final List<Runnable> kept = new ArrayList<>();

  /** Guarded by this. */
  private boolean closed;

  Offload(String systemName, ExecutorPool settings, @Nullable Stepping stepping) {
    this.name = systemName;
    this.threads = settings.offloadThreads();
    this.backlog = settings.offloadBacklog();
    this.stepping = stepping;
  }

  <T extends @Nullable Object> CompletionStage<T> submit(Callable<T> work) {
    Work<T> submitted = new Work<>(work);
    try {
      take(submitted);
    } catch (RejectedExecutionException refused) {
      submitted.outcome.completeExceptionally(
          new RejectedExecutionException(
              "system "
                  + name
                  + ": "
                  + backlog
                  + " pieces of work wait for a thread, or the system"
                  + " is closed; offer less, or raise ExecutorPool.withOffload",
              refused));
    }
    return submitted.outcome;
  }

  private void take(Runnable submitted) {
    if (stepping == null) {
      pool().execute(submitted);
    } else {
      keep(submitted);
    }
  }

  private synchronized void keep(Runnable submitted) {
    checkOpen();
    if (kept.size() >= threads + backlog) {
      throw new RejectedExecutionException("full");
    }
    kept.add(submitted);
  }

  /** Runs one of those that would have threads; false if there is no work that waits for this. */
  boolean step() {
    Runnable next;
    synchronized (this) {
      if (stepping == null || kept.isEmpty()) {
        return false;
      }
      next = kept.remove(stepping.random().nextInt(Math.min(threads, kept.size())));
    }
    next.run();
    return true;
  }

  /** Under the lock. */
  private void checkOpen() {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
  }

  private synchronized ThreadPoolExecutor pool() {
    checkOpen();
    ThreadPoolExecutor made = pool;
    if (made == null) {
      made =
          new ThreadPoolExecutor(
              threads,
              threads,
              KEEP_ALIVE_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(backlog),
              threadFactory("ringlet-" + name + "-offload-"));
      made.allowCoreThreadTimeOut(true);
      pool = made;
    }
    return made;
  }

  synchronized int running() {
    return pool == null ? 0 : pool.getActiveCount();
  }

  synchronized int waiting() {
    return pool == null ? kept.size() : pool.getQueue().size();
  }

  /** What runs is interrupted, what waits is refused; nobody waits for what ignores that. */
  void close() {
    List<Runnable> left = new ArrayList<>();
    ThreadPoolExecutor running;
    synchronized (this) {
      closed = true;
      running = pool;
      left.addAll(kept);
      kept.clear();
    }
    if (running != null) {
      left.addAll(running.shutdownNow());
    }
    for (Runnable waiting : left) {
      if (waiting instanceof Work<?> work) {
        work.outcome.completeExceptionally(
            new RejectedExecutionException("system " + name + " is closed"));
      }
    }
  }

  /** Virtual threads from JDK 21 on; reached by name, since the code is compiled for 17. */
  private static ThreadFactory threadFactory(String prefix) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
      MethodHandle ofVirtual =
          lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual));
      MethodHandle named =
          lookup.findVirtual(
              builder, "name", MethodType.methodType(builder, String.class, long.class));
      MethodHandle factory =
          lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
      return (ThreadFactory) factory.invoke(named.invoke(ofVirtual.invoke(), prefix, 0L));
    } catch (Throwable absent) {
      Failures.rethrowFatal(absent);
      LOG.log(Level.DEBUG, "offload uses platform threads: {0}", absent.toString());
      return platformThreads(prefix);
    }
  }

  private static ThreadFactory platformThreads(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, prefix + number.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static final class Work<T extends @Nullable Object> implements Runnable {
    private final Callable<T> work;
    private final Runnable release = Pinning.release();
    final ExecutorFuture<T> outcome = new ExecutorFuture<>();

    Work(Callable<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        release.run();
        outcome.complete(work.call());
      } catch (Throwable failure) {
        outcome.completeExceptionally(failure);
      }
    }
  }
}
