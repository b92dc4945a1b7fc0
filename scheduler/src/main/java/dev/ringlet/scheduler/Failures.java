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
    record(cell.path(), failure);
  }

  /** Does not throw, whatever the failure's own methods and the logger do. */
  void record(String who, Throwable failure) {
    failed.increment();
    try {
      LOG.log(Level.WARNING, who + " failed: " + failure, failure);
    } catch (Throwable unprintable) {
      rethrowFatal(unprintable);
      logType(who, failure);
    }
  }

  private static void logType(String who, Throwable failure) {
    try {
      LOG.log(
          Level.WARNING,
          "{0} failed with a {1}, which cannot be printed",
          who,
          failure.getClass().getName());
    } catch (RuntimeException noLog) {
      // The logger itself fails; the failure is counted.
    }
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
