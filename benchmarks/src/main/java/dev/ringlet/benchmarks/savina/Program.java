package dev.ringlet.benchmarks.savina;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs to its end on some actors, and checks what came of it. */
interface Program {
  void run(Actors actors) throws Exception;

  /** Waits for the result of a program. */
  static void expect(long expected, CompletableFuture<Long> result) throws Exception {
    try {
      long actual = result.get(1, TimeUnit.MINUTES);
      if (actual != expected) {
        throw new AssertionError("expected " + expected + ", but the actors say " + actual);
      }
    } catch (TimeoutException late) {
      throw new AssertionError("no result within a minute", late);
    }
  }
}
