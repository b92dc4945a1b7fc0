package dev.ringlet.testkit;

import dev.ringlet.actor.ActorSystem;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How a test waits for actors: by the machine's clock, or by having a stepped system go on. */
interface Waiting {
  /** The clock. */
  long nanos();

  /**
   * Returns whether the condition has become true in time; whoever makes it so {@link #changed}.
   */
  boolean until(BooleanSupplier condition, Duration atMost);

  /** Something that may be waited for has happened. */
  void changed();

  /** The test's thread waits for a system that runs on others. */
  static Waiting on(ActorSystem system) {
    return new Waiting() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public synchronized boolean until(BooleanSupplier condition, Duration atMost) {
        checkThread();
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return false;
          }
          try {
            wait(left / 1_000_000, (int) (left % 1_000_000));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + system.name(), e);
          }
        }
        return true;
      }

      @Override
      public synchronized void changed() {
        notifyAll();
      }

      private void checkThread() {
        system.executors().stream()
            .filter(executor -> executor.isCurrent())
            .findFirst()
            .ifPresent(
                executor -> {
                  throw new IllegalStateException(
                      "this would block the thread of " + executor + "; wait on the test's thread");
                });
      }
    };
  }

  /** The test's thread steps the system meanwhile. */
  static Waiting on(SteppedSystem stepped) {
    return new Waiting() {
      @Override
      public long nanos() {
        return stepped.nanos();
      }

      @Override
      public boolean until(BooleanSupplier condition, Duration atMost) {
        return stepped.advanceUntil(condition, atMost);
      }

      @Override
      public void changed() {
        // It looks by itself.
      }
    };
  }
}
