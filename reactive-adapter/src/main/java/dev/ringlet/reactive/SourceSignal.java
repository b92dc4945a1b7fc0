package dev.ringlet.reactive;

/**
 * What a source actor is told about its subscriber. For actors without messages of their own;
 * others say how these two look among their messages, see {@link Publishers#of(
 * dev.ringlet.executor.ActorExecutor, java.util.function.Function, java.util.function.LongFunction,
 * java.util.function.Supplier, dev.ringlet.actor.ActorOptions)}.
 *
 * <p><b>Thread:</b> immutable.
 */
public sealed interface SourceSignal {
  /**
   * More elements may be given to the {@link Sink}.
   *
   * @param count how many more, from 1; {@link Long#MAX_VALUE} means no limit
   */
  record Requested(long count) implements SourceSignal {}

  /** Nobody listens any more; the actor stops after this message. */
  record Cancelled() implements SourceSignal {}
}
