package dev.ringlet.spi;

import dev.ringlet.testkit.sim.ContractWorld;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Has the threads of a test use the simulated kernel one after the other. The test's thread has it
 * all the time but while its driver is parked; the others have their turn then.
 */
final class SimTurns {
  private static final long STEP_NANOS = Duration.ofMillis(1).toNanos();

  private final ContractWorld world = new ContractWorld(1);
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition parked = lock.newCondition();
  private final Thread owner = Thread.currentThread();

  ContractWorld world() {
    return world;
  }

  void begin() {
    lock.lock();
  }

  void end() {
    lock.unlock();
  }

  /** The test's thread lets the others have their turn, and the world go on. */
  void park(long nanos) {
    letOthers();
    world.step(nanos);
  }

  private void letOthers() {
    int holds = lock.getHoldCount();
    parked.signalAll();
    for (int i = 0; i < holds; i++) {
      lock.unlock();
    }
    for (int i = 0; i < holds; i++) {
      lock.lock();
    }
  }

  /** Any thread: until something has come. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + DriverRig.PATIENCE.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() - deadline >= 0) {
          throw new AssertionError("waited in vain for " + what);
        }
        if (Thread.currentThread() == owner) {
          park(STEP_NANOS);
        } else {
          parked.awaitNanos(STEP_NANOS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while it waited for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  /** Any thread. */
  void run(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }
}
