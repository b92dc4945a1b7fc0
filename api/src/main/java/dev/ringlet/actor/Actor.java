package dev.ringlet.actor;

/**
 * A unit of state that handles one message at a time.
 *
 * <p><b>Thread:</b> owner executor. Every method of one actor runs on the thread of the executor it
 * was spawned on, never two at once, so its fields need no synchronization. A handler must not
 * block: it returns, {@linkplain ActorContext#yield yields} or {@linkplain ActorContext#await
 * awaits}.
 *
 * <p><b>Failure:</b> an exception from any method goes to the actor's {@link Supervision}; the
 * executor and the other actors go on.
 *
 * @param <M> the type of the messages it accepts
 */
@FunctionalInterface
public interface Actor<M> {
  /**
   * Handles one message.
   *
   * @param message the message
   * @param context what the actor may do now; valid only until this method returns
   * @throws Exception any failure; it is given to the actor's {@link Supervision}
   */
  void receive(M message, ActorContext<M> context) throws Exception;

  /**
   * Runs once before the first message, and again after each restart.
   *
   * @param context what the actor may do now
   * @throws Exception any failure; it is given to the actor's {@link Supervision}
   */
  default void preStart(ActorContext<M> context) throws Exception {}

  /**
   * Runs once after the last message, when the children have stopped. An executor that ends without
   * its actors, because of an error of the virtual machine or the deadline of a close, runs it
   * while it ends; no operation can be started any more then.
   *
   * @param context what the actor may do now; nothing can be spawned, awaited or subscribed any
   *     more
   * @throws Exception a failure here is logged and counted
   */
  default void postStop(ActorContext<M> context) throws Exception {}

  /**
   * Runs on the failed instance before {@link Supervision#restart()} replaces it, also where its
   * {@code preStart} failed; its children have stopped, its timers and operations are cancelled.
   *
   * @param failure what the failed turn threw
   * @param context what the actor may do now
   * @throws Exception a failure here is logged and counted; the restart goes on
   */
  default void preRestart(Throwable failure, ActorContext<M> context) throws Exception {}
}
