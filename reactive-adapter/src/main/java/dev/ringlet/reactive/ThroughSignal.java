package dev.ringlet.reactive;

/**
 * What an actor between an upstream and a subscriber hears, see {@link Processors#throughActor(
 * org.reactivestreams.Publisher, dev.ringlet.executor.ActorExecutor, java.util.function.Function,
 * DemandOptions)}: of the upstream the {@link StreamSignal}s, of the subscriber what it wants, and
 * that it has left.
 *
 * <p><b>Thread:</b> immutable, but for {@link StreamSignal.Element}.
 *
 * @param <T> the type of the upstream's elements
 */
public sealed interface ThroughSignal<T>
    permits StreamSignal, ThroughSignal.Requested, ThroughSignal.Cancelled {
  /**
   * More elements may be given to the {@link Sink}.
   *
   * @param count how many more, from 1; {@link Long#MAX_VALUE} means no limit
   * @param <T> the type of the upstream's elements
   */
  record Requested<T>(long count) implements ThroughSignal<T> {}

  /**
   * Nobody listens any more; the actor stops after this message. The upstream is cancelled already.
   *
   * @param <T> the type of the upstream's elements
   */
  record Cancelled<T>() implements ThroughSignal<T> {}
}
