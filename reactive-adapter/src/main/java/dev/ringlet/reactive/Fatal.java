package dev.ringlet.reactive;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Errors after which nothing can go on. */
final class Fatal {
  private Fatal() {}

  /**
   * Throws what ends an executor. A stack overflow is none, as the runtime sees it: it is the
   * recursion of whoever was called, and over by now.
   */
  static void rethrow(@Nullable Throwable thrown) {
    if (thrown instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  /** Does something for each, though it throws for one of them; the last such error is thrown. */
  static <T> void forAll(List<T> all, Consumer<? super T> step) {
    VirtualMachineError fatal = null;
    for (T each : all) {
      try {
        step.accept(each);
      } catch (VirtualMachineError thrown) {
        fatal = thrown;
      }
    }
    if (fatal != null) {
      throw fatal;
    }
  }

  /** The same, of several steps. */
  static void runAll(Runnable... steps) {
    forAll(List.of(steps), Runnable::run);
  }
}
