package dev.ringlet.reactive;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives elements back that nobody takes; what that throws is logged. Any thread. */
final class Discard<T> {
  private static final System.Logger LOG = System.getLogger(Discard.class.getName());

  private final Consumer<? super T> hook;

  Discard(Consumer<? super T> hook) {
    this.hook = hook;
  }

  /** Gives an element back; null is none. */
  void accept(@Nullable T element) {
    if (element == null) {
      return;
    }
    try {
      hook.accept(element);
    } catch (Throwable thrown) {
      Fatal.rethrow(thrown);
      LOG.log(
          System.Logger.Level.WARNING,
          "a discard hook threw; the element of class "
              + element.getClass().getName()
              + " may be lost",
          thrown);
    }
  }
}
