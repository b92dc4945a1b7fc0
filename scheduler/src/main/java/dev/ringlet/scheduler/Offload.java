package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Threads for work that blocks; made with the first of it. Any thread. */
final class Offload {
  private static final System.Logger LOG = System.getLogger(Offload.class.getName());
  private static final long KEEP_ALIVE_SECONDS = 10;

  private final String name;
  private final int threads;
  private final int backlog;

  /** Guarded by this. */
  private @Nullable ThreadPoolExecutor pool;

  /** Guarded by this. */
  private boolean closed;

  Offload(String systemName, ExecutorPool settings) {
    this.name = systemName;
    this.threads = settings.offloadThreads();
    this.backlog = settings.offloadBacklog();
  }

  <T extends @Nullable Object> CompletionStage<T> submit(Callable<T> work) {
    Work<T> submitted = new Work<>(work);
    try {
      pool().execute(submitted);
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

  private synchronized ThreadPoolExecutor pool() {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
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
    return pool == null ? 0 : pool.getQueue().size();
  }

  /** What runs is interrupted, what waits is refused; nobody waits for what ignores that. */
  void close() {
    ThreadPoolExecutor left;
    synchronized (this) {
      closed = true;
      left = pool;
    }
    if (left == null) {
      return;
    }
    for (Runnable waiting : left.shutdownNow()) {
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
