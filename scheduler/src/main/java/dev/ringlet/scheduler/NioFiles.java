package dev.ringlet.scheduler;

import dev.ringlet.spi.IoRequest;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs what blocks, file operations, on a few threads of its own, which start when they are first
 * needed and end when they are not. Outcomes come back through a queue that the owner polls.
 *
 * <p>Owner executor only, but for {@link #done} and {@link #anyDone}.
 */
final class NioFiles {
  /** Enough to keep a disk busy; more only makes the threads of the executors share their cores. */
  private static final int MAX_THREADS = 4;

  /** So that each thread finds the next operation when it has done one. */
  static final int DEPTH = 2 * MAX_THREADS;

  private static final long IDLE_SECONDS = 10;

  private final NioHandles handles;
  private final NioSelector selector;
  private final ConcurrentLinkedQueue<NioDone> done = new ConcurrentLinkedQueue<>();
  private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
  private final ThreadPoolExecutor threads;

  NioFiles(NioHandles handles, NioSelector selector) {
    this.handles = handles;
    this.selector = selector;
    String prefix = Thread.currentThread().getName() + "-file-";
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            waiting,
            task -> thread(prefix + number.incrementAndGet(), task));
    threads.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(String name, Runnable task) {
    Runnable release = Pinning.release();
    Runnable work =
        () -> {
          release.run();
          task.run();
        };
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  NioHandles handles() {
    return handles;
  }

  /** Takes a request that opens a file or works on paths. */
  void submit(IoRequest request) {
    NioFileTask task = new NioFileTask(this, null, request);
    handles.completions().take(task);
    execute(task);
  }

  void execute(NioFileWork task) {
    threads.execute(task);
  }

  /** Any thread: whether {@link #takeDone} has something to do. */
  boolean anyDone() {
    return !done.isEmpty();
  }

  /** A thread of the pool, or another one that works for the driver, has done a task. */
  void done(NioDone task) {
    done.add(task);
    selector.signal();
  }

  /** Ends what the pool has done. */
  void takeDone() {
    for (NioDone task = done.poll(); task != null; task = done.poll()) {
      task.end();
    }
  }

  /** Cancels what no thread has begun with. */
  void cancelAll() {
    for (Runnable task : waiting) {
      ((NioFileWork) task).cancelUnlessBegun();
    }
  }

  /** Lets the threads end; nothing is in flight. */
  void close() {
    threads.shutdown();
  }
}
