package dev.ringlet.scheduler;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Stall;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread that looks, a few times in each budget, whether the executors have gone on to another
 * turn. It counts its looks and not the time: a pause of the whole virtual machine stops it too and
 * so counts for one look at most.
 */
final class StallDetector {
  private static final System.Logger LOG = System.getLogger(StallDetector.class.getName());
  private static final int LOOKS_PER_BUDGET = 4;
  private static final int LOGGED_PER_MINUTE = 10;
  static final boolean FLIGHT_RECORDER = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private final String name;
  private final long budgetNanos;
  private final Consumer<? super Stall> listener;
  private final LongAdder count = new LongAdder();
  private volatile boolean closed;
  private @Nullable Thread thread;

  // The detector's thread only.
  private final List<Watch> watches = new ArrayList<>();

  private final Events events;
  private final LogLimit limit =
      new LogLimit(LOGGED_PER_MINUTE, TimeUnit.MINUTES.toNanos(1), System.nanoTime());

  StallDetector(String name, ExecutorPool pool, Events events) {
    this.name = name;
    this.events = events;
    this.budgetNanos = pool.stallBudgetNanos();
    this.listener = pool.stallListener();
  }

  boolean isOn() {
    return budgetNanos > 0;
  }

  /** From the creator of the system, once. */
  void watch(List<CoreExecutor> executors) {
    if (!isOn()) {
      return;
    }
    executors.forEach(executor -> watches.add(new Watch(executor)));
    Thread started = new Thread(this::run, "ringlet-" + name + "-stalls");
    started.setDaemon(true);
    thread = started;
    started.start();
  }

  /** Any thread. */
  long count() {
    return count.sum();
  }

  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(budgetNanos / LOOKS_PER_BUDGET);
      watches.forEach(Watch::look);
    }
  }

  private void report(Stall stall, Task task) {
    count.increment();
    long silent = limit.take(System.nanoTime());
    if (silent != LogLimit.SILENT) {
      log(stall, silent);
    }
    events.publish(stall, task);
    if (FLIGHT_RECORDER) {
      StallEvent.commit(stall);
    }
    try {
      listener.accept(stall);
    } catch (RuntimeException failure) {
      LOG.log(Level.WARNING, "the stall listener failed", failure);
    }
  }

  private static void log(Stall stall, long silent) {
    IllegalStateException place = new IllegalStateException("it is here");
    place.setStackTrace(stall.stack().toArray(new StackTraceElement[0]));
    LOG.log(
        Level.WARNING,
        "executor "
            + stall.executor()
            + " stalls: a turn of "
            + stall.actor()
            + " has handled a "
            + stall.messageType()
            + " for "
            + TimeUnit.NANOSECONDS.toMillis(stall.nanos())
            + " ms (class "
            + stall.priorityClass()
            + "); yield, or use offload for what blocks"
            + (silent == 0 ? "" : "; " + silent + " stalls before it were not logged"),
        place);
  }

  /** What of the runtime stands for itself: a timer, an operation. */
  private static @Nullable Object messageIn(@Nullable Object entry) {
    Object message = entry == null ? null : Envelope.messageIn(entry);
    return message == null ? entry : message;
  }

  private final class Watch {
    private final CoreExecutor executor;
    private long lastProgress = -1;
    private int looksWithoutProgress;

    Watch(CoreExecutor executor) {
      this.executor = executor;
    }

    void look() {
      long progress = executor.progress();
      Task task = executor.runningAsSeen();
      if (progress != lastProgress || task == null) {
        lastProgress = progress;
        looksWithoutProgress = 0;
        return;
      }
      looksWithoutProgress++;
      // One report per turn: later looks find the count larger.
      if (looksWithoutProgress == LOOKS_PER_BUDGET) {
        seize(task, progress);
      }
    }

    private void seize(Task task, long progress) {
      Object message = messageIn(executor.handledAsSeen());
      List<StackTraceElement> stack = List.of(executor.thread().getStackTrace());
      boolean stillThere = executor.progress() == progress;
      report(
          new Stall(
              executor.index(),
              task.toString(),
              message == null ? "" : message.getClass().getName(),
              task.queue().priorityClass().name(),
              budgetNanos,
              stillThere ? stack : List.of()),
          task);
    }
  }
}
