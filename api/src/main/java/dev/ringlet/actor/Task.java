package dev.ringlet.actor;

import org.jspecify.annotations.Nullable;

/**
 * Work for an executor that is no actor's: it runs once, and has a value. See {@link
 * ActorSystem#submit}.
 *
 * <p><b>Thread:</b> the executor it was submitted to. Like an actor it must not block: it returns,
 * {@linkplain ActorContext#yield yields} or {@linkplain ActorContext#await awaits}. It has ended
 * when its turn has ended with all continuations and the actors it has spawned as children have
 * stopped.
 *
 * @param <T> the type of its value
 */
@FunctionalInterface
public interface Task<T extends @Nullable Object> {
  /**
   * Does the work, or begins it.
   *
   * @param context what the task may do; no messages are sent to a task
   * @return the value; what a continuation still changes in it is seen by who joins
   * @throws Exception any failure; it is given to who joins
   */
  T run(ActorContext<Void> context) throws Exception;
}
