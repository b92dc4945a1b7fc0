package dev.ringlet.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way from another thread to an executor. It runs, or its sender is told that it does
 * not: when tasks were closed, the sender and the executor's last look for tasks claim it, and the
 * first has it. The sender sends and then reads that they are closed; the executor closes them and
 * then looks: one of them sees the other.
 */
final class TaskMessage extends Command {
  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(TaskMessage.class, "claimed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Runnable task;

  /** Whose turn it was sent in; null if in none. */
  private final @Nullable Task sender;

  @SuppressWarnings("unused") // through CLAIMED
  private volatile boolean claimed;

  TaskMessage(Runnable task, @Nullable Task sender) {
    this.task = task;
    this.sender = sender;
  }

  /** Whether the caller, as the first one, decides what becomes of it. Any thread. */
  boolean claim() {
    return CLAIMED.compareAndSet(this, false, true);
  }

  @Override
  void run(CoreExecutor executor) {
    if (claim()) {
      executor.tasks().executeFrom(sender, task);
    }
  }

  @Override
  void refused(CoreExecutor executor) {
    // Its sender claims it.
  }
}
