package dev.ringlet.spi;

import org.jspecify.annotations.Nullable;

/**
 * Takes what a thread knows of the present request (a trace, the diagnostic context of a logger)
 * from the sender of a message to the turn that handles it. Set with {@link
 * dev.ringlet.executor.ExecutorPool#withContextCarrier}; without one nothing is looked at.
 *
 * <p>Carried are messages that are told, asked and stashed, but for {@link Uncarried} ones. The
 * rest of a turn ({@code yield}, {@code await}), the answer to {@link
 * dev.ringlet.actor.ActorContext#ask} and the outcome of what is piped or offloaded come with the
 * context of the turn that wanted them. Timers, elements of streams and events carry nothing.
 *
 * <p><b>Thread:</b> any thread.
 */
public interface ContextCarrier {
  /**
   * Called for each message, by its sender.
   *
   * @return what goes with the message; null for nothing, which costs nothing more. What it throws,
   *     the sender gets
   */
  @Nullable Object capture();

  /**
   * Called on the executor of the actor, before it handles the message.
   *
   * @param captured what {@link #capture} gave
   * @return puts back what was there before, when the message has been handled
   */
  Scope restore(Object captured);

  /** Ends what {@link #restore} began, on the same thread. */
  @FunctionalInterface
  interface Scope extends AutoCloseable {
    /** Puts back what was there before. */
    @Override
    void close();
  }
}
