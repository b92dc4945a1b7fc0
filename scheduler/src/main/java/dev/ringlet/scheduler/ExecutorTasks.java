package dev.ringlet.scheduler;

import dev.ringlet.actor.Supervision;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs what {@code executor.execute} was given, each task in a turn of an actor that lives as long
 * as the executor. A task either runs or is refused, also while the executor ends: see {@link
 * TaskMessage}.
 */
final class ExecutorTasks {
  private final CoreExecutor executor;
  private final boolean urgent;
  private final ActorCell<Runnable> cell;

  /** Tasks of other threads are not taken any more. */
  private volatile boolean closed;

  ExecutorTasks(CoreExecutor executor, TaskQueue queue) {
    String name = executor.system().name() + "/$tasks-" + executor.index();
    this.executor = executor;
    this.urgent = queue.urgent();
    this.cell = new ActorCell<>(executor, queue, null, name, Supervision.resume());
  }

  /** When the executor has all that actors need. Owner executor. */
  void begin() {
    cell.begin(() -> (task, context) -> task.run());
  }

  /** Any thread. */
  void execute(Runnable task) {
    Objects.requireNonNull(task, "task");
    if (executor.isCurrent() && !closed) {
      cell.tell(task);
      return;
    }
    TaskMessage message = new TaskMessage(task, CoreExecutor.runningHere());
    if (!closed) {
      executor.send(message, urgent);
      if (!closed || !message.claim()) {
        return;
      }
    }
    throw new RejectedExecutionException(executor + " has ended; its system was closed");
  }

  /** Has a task of another thread run in a turn of its own. Owner executor. */
  void executeFrom(@Nullable Task sender, Runnable task) {
    cell.enqueueFrom(sender, cell.entryFor(task));
  }

  /**
   * From now on each task is taken back by its sender, unless it {@linkplain TaskMessage runs}.
   * Owner executor.
   */
  void close() {
    closed = true;
    VarHandle.fullFence();
  }

  /** Runs those that were taken. Owner executor. */
  void runAll() {
    while (cell.step()) {}
  }
}
