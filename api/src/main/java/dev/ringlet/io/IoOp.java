package dev.ringlet.io;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One I/O operation. It does nothing until it is handed to exactly one of {@code
 * ActorContext.pipe}, {@code ActorContext.await} or {@link #toCompletionStage()}.
 *
 * <p>Whatever ends the wait (a value, a failure, the timeout, cancellation, the owner's death), the
 * operation's buffer stays the kernel's until the kernel has said that it is done with it. A value
 * that nobody waits for any more is given back: a file or socket is closed, a buffer released.
 *
 * <p><b>Thread:</b> any thread until it is started; {@link #cancel()} any thread.
 *
 * @param <T> the type of the value
 */
public interface IoOp<T> {
  /**
   * Limits how long the operation may take, from its start.
   *
   * @param timeout more than zero
   * @return this operation
   * @throws IllegalStateException if it was started already
   */
  IoOp<T> timeout(Duration timeout);

  /**
   * Starts the operation and gives its outcome as a stage, completed on the home executor.
   *
   * @return the stage; fails with {@link IoException}
   * @throws IllegalStateException if it was started already
   */
  CompletionStage<T> toCompletionStage();

  /**
   * Asks the operation to end early. It still completes exactly once: with its value if that came
   * first, else with {@link IoException} {@code ECANCELED}, also if it is started only afterwards.
   * Gives back what an operation that was not started was given. Does nothing once it is complete.
   */
  void cancel();
}
