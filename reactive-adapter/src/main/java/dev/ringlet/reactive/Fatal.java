package dev.ringlet.reactive;

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
}
