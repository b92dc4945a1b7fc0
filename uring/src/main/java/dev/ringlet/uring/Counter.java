package dev.ringlet.uring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that its owner changes and anybody reads: no atomics, since there is one writer, and no
 * torn or stuck values.
 */
final class Counter {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private long value;

  /** Owner. */
  void increment() {
    VALUE.setOpaque(this, value + 1);
  }

  /** Any thread. */
  long get() {
    return (long) VALUE.getOpaque(this);
  }
}
