package dev.ringlet.reactive;

import dev.ringlet.executor.ActorExecutor;
import java.util.Objects;
import java.util.function.Function;

/**
 * What a state unfolds to; see {@link Publishers#unfold(ActorExecutor, Object, Function)}.
 *
 * <p><b>Thread:</b> immutable, as far as its parts are.
 *
 * @param element the next element of the stream
 * @param next the state that the element after it comes from
 * @param <T> the type of the elements
 * @param <S> the type of the states
 */
public record Unfolded<T, S>(T element, S next) {
  /** Checks the values. */
  public Unfolded {
    Objects.requireNonNull(element, "element");
    Objects.requireNonNull(next, "next");
  }
}
