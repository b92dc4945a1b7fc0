package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorFailure;
import dev.ringlet.actor.ActorRestarted;
import dev.ringlet.spi.Ticker;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Turns that failed: counted, published, logged at most ten times a second. Any thread. */
final class Failures {
  private static final System.Logger LOG = System.getLogger(Failures.class.getName());

  private static final int LOGGED_PER_SECOND = 10;

  private final Ticker ticker;
  private final Events events;
  private final LogLimit limit;
  private final LongAdder failed = new LongAdder();
  private final LongAdder restarted = new LongAdder();

  Failures(Ticker ticker, Events events, boolean logs) {
    this.ticker = ticker;
    this.events = events;
    this.limit =
        new LogLimit(logs ? LOGGED_PER_SECOND : 0, TimeUnit.SECONDS.toNanos(1), ticker.nanos());
  }

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
    record(cell.path(), failure, cell);
  }

  void record(String who, Throwable failure) {
    record(who, failure, null);
  }

  /** Does not throw, whatever the failure's own methods and the logger do. */
  private void record(String who, Throwable failure, @Nullable Task origin) {
    failed.increment();
    long silent = limit.take(ticker.nanos());
    if (silent != LogLimit.SILENT) {
      log(who, failure, silent);
    }
    if (events.areWanted(ActorFailure.class)) {
      events.publish(new ActorFailure(who, failure), origin);
    }
  }

  private static void log(String who, Throwable failure, long silent) {
    try {
      String more = silent == 0 ? "" : " (" + silent + " failures before it were not logged)";
      LOG.log(Level.WARNING, who + " failed: " + failure + more, failure);
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

  void restarted(ActorCell<?> cell) {
    restarted.increment();
    if (events.areWanted(ActorRestarted.class)) {
      events.publish(new ActorRestarted(cell.path()), cell);
    }
  }

  long failedCount() {
    return failed.sum();
  }

  long restartedCount() {
    return restarted.sum();
  }
}
