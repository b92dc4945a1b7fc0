package dev.ringlet.scheduler;

import dev.ringlet.spi.Ticker;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Messages that nobody will handle: counted, and logged at most once a second. Any thread. */
final class DeadLetters {
  private static final System.Logger LOG = System.getLogger(DeadLetters.class.getName());
  private static final long LOG_INTERVAL_NANOS = 1_000_000_000;

  private final Ticker ticker;
  private final LongAdder count = new LongAdder();
  private final AtomicLong nextLogNanos;

  DeadLetters(Ticker ticker) {
    this.ticker = ticker;
    this.nextLogNanos = new AtomicLong(ticker.nanos());
  }

  void add(ActorCell<?> target, Object message) {
    add(target.path(), message);
  }

  void add(String path, Object message) {
    count.increment();
    long due = nextLogNanos.get();
    long now = ticker.nanos();
    if (now - due >= 0 && nextLogNanos.compareAndSet(due, now + LOG_INTERVAL_NANOS)) {
      log(path, message);
    }
  }

  private void log(String path, Object message) {
    try {
      LOG.log(
          Level.INFO,
          "dead letter to {0}, which has stopped or takes no more: {1} ({2} dead letters so far)",
          path,
          message.getClass().getName(),
          count());
    } catch (RuntimeException noLog) {
      // The logger fails; the message is counted.
    }
  }

  long count() {
    return count.sum();
  }
}
