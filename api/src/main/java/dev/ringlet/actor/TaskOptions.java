package dev.ringlet.actor;

import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.PriorityClass;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a task runs. Immutable: each {@code with} method returns a changed copy.
 *
 * <p>Defaults: the executors in turn, {@link PriorityClass#DEFAULT}, no deadline.
 */
public final class TaskOptions {
  private static final TaskOptions DEFAULTS =
      new TaskOptions(null, PriorityClass.DEFAULT, Duration.ZERO);

  private final @Nullable ActorExecutor executor;
  private final PriorityClass priorityClass;
  private final Duration deadline;

  private TaskOptions(
      @Nullable ActorExecutor executor, PriorityClass priorityClass, Duration deadline) {
    this.executor = executor;
    this.priorityClass = priorityClass;
    this.deadline = deadline;
  }

  /**
   * All defaults.
   *
   * @return the options
   */
  public static TaskOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Has the task run on one executor.
   *
   * @param executor an executor of the same system
   * @return the changed copy
   */
  public TaskOptions onExecutor(ActorExecutor executor) {
    return new TaskOptions(Objects.requireNonNull(executor, "executor"), priorityClass, deadline);
  }

  /**
   * Puts the task, and actors that it spawns, into a priority class.
   *
   * @param priorityClass the class
   * @return the changed copy
   */
  public TaskOptions withPriorityClass(PriorityClass priorityClass) {
    return new TaskOptions(
        executor, Objects.requireNonNull(priorityClass, "priorityClass"), deadline);
  }

  /**
   * Ends the task if it takes too long: as {@link JoinHandle#cancel}, and the failure is a {@link
   * java.util.concurrent.TimeoutException}.
   *
   * @param deadline from the submission on; more than zero
   * @return the changed copy
   */
  public TaskOptions withDeadline(Duration deadline) {
    if (deadline.isZero() || deadline.isNegative()) {
      throw new IllegalArgumentException("deadline: " + deadline + "; give more than zero");
    }
    return new TaskOptions(executor, priorityClass, deadline);
  }

  /**
   * The executor, or null for the executors in turn.
   *
   * @return the executor
   */
  public @Nullable ActorExecutor executor() {
    return executor;
  }

  /**
   * The priority class.
   *
   * @return the class
   */
  public PriorityClass priorityClass() {
    return priorityClass;
  }

  /**
   * How long the task may take.
   *
   * @return the deadline, or zero for none
   */
  public Duration deadline() {
    return deadline;
  }
}
