package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.DeadLetter;
import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.spi.Ticker;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Messages that nobody will handle: counted, published, logged at most once a second. Any thread.
 */
final class DeadLetters {
  private static final System.Logger LOG = System.getLogger(DeadLetters.class.getName());
  private static final int LOGGED_PER_SECOND = 1;

  private final Ticker ticker;
  private final Events events;
  private final LongAdder count = new LongAdder();
  private final LogLimit limit;

  DeadLetters(Ticker ticker, Events events, boolean logs) {
    this.ticker = ticker;
    this.events = events;
    this.limit =
        new LogLimit(logs ? LOGGED_PER_SECOND : 0, TimeUnit.SECONDS.toNanos(1), ticker.nanos());
  }

  void add(ActorRef<?> recipient, Object message, Reason reason, @Nullable Task sender) {
    count.increment();
    log(recipient, message.getClass(), reason);
    if (events.areWanted(DeadLetter.class)) {
      String from = sender == null ? null : sender.toString();
      // Who makes another message give way is not its sender, but it comes of that turn.
      Task origin = sender == null ? CoreExecutor.runningHere() : sender;
      events.publish(new DeadLetter(message, recipient.path(), from, reason), origin);
    }
  }

  /** One that nobody is told of. */
  void count(ActorRef<?> recipient, Reason reason) {
    count.increment();
    log(recipient, Notice.class, reason);
  }

  private void log(ActorRef<?> recipient, Class<?> type, Reason reason) {
    if (limit.take(ticker.nanos()) == LogLimit.SILENT) {
      return;
    }
    try {
      LOG.log(
          Level.INFO,
          "dead letter to {0}, as {1}: {2} ({3} dead letters so far)",
          recipient.path(),
          reason,
          type.getName(),
          count());
    } catch (RuntimeException noLog) {
      // The logger fails; the message is counted.
    }
  }

  long count() {
    return count.sum();
  }
}
