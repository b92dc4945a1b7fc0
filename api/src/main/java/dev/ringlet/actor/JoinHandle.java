package dev.ringlet.actor;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Task} that was submitted. <b>Thread:</b> any thread.
 *
 * @param <T> the type of its value
 */
public interface JoinHandle<T extends @Nullable Object> {
  /**
   * Waits for the end.
   *
   * @return the value
   * @throws java.util.concurrent.CancellationException if the task was cancelled
   * @throws RingletException with the failure as its cause, if that is a checked exception; errors
   *     and unchecked exceptions are thrown as they are
   * @throws IllegalStateException on the thread of an executor, which would wait for itself or
   *     others; hand {@link #toCompletionStage()} to {@link ActorContext#pipe} there
   */
  T join();

  /**
   * The outcome as a stage. It is completed on the executor's thread.
   *
   * @return the value, the failure, or a {@link java.util.concurrent.CancellationException}
   */
  CompletionStage<T> toCompletionStage();

  /**
   * Asks the task to end. If it has not begun it never does; if it has yielded or awaits, its
   * continuation does not run and its operations are cancelled; if it is running, it is cancelled
   * at the end of the turn unless it is complete then. Does nothing after the end.
   */
  void cancel();

  /**
   * Whether it has ended, in whatever way.
   *
   * @return true after the end
   */
  boolean isDone();
}
