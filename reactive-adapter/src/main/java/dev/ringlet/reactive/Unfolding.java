package dev.ringlet.reactive;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the unfolding for one subscriber stands. Owner executor. */
final class Unfolding<T, S> {
  private final Function<? super S, @Nullable Unfolded<T, S>> function;
  private final Discard<T> discard;
  private S state;

  Unfolding(S seed, Function<? super S, @Nullable Unfolded<T, S>> function, Discard<T> discard) {
    this.state = seed;
    this.function = function;
    this.discard = discard;
  }

  void step(Sink<T> sink) {
    Unfolded<T, S> unfolded = function.apply(state);
    if (unfolded == null) {
      sink.complete();
      return;
    }
    state = unfolded.next();
    if (!sink.next(unfolded.element())) {
      discard.accept(unfolded.element());
    }
  }
}
