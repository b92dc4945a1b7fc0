package dev.ringlet.scheduler;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/** What a system counts and logs about turns that failed. Any thread. */
final class Failures {
  private static final System.Logger LOG = System.getLogger(Failures.class.getName());

  private final LongAdder failed = new LongAdder();
  private final LongAdder restarted = new LongAdder();

  /**
   * Lets no supervision see what the virtual machine does not survive. A stack overflow is the
   * user's recursion, and over when it is caught.
   */
  static void rethrowFatal(Throwable failure) {
    if (failure instanceof VirtualMachineError fatal && !(fatal instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  void record(ActorCell<?> cell, Throwable failure) {
    failed.increment();
    LOG.log(Level.WARNING, cell.path() + " failed: " + failure, failure);
  }

  void restarted() {
    restarted.increment();
  }

  long failedCount() {
    return failed.sum();
  }

  long restartedCount() {
    return restarted.sum();
  }
}
