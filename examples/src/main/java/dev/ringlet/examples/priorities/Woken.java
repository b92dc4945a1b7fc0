package dev.ringlet.examples.priorities;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/** Of the latency class: is woken by its timer and by another executor, and notes how late. */
final class Woken implements Actor<Woken.Message> {
  private static final long MIN_DELAY_NANOS = 1_000_000;
  private static final long DELAY_RANGE_NANOS = 500_000;

  /** Three digits between a nanosecond and a minute. */
  private static final long MAX_NANOS = 60_000_000_000L;

  /** What it is told. */
  sealed interface Message {}

  /** Its timer. */
  record Tick() implements Message {}

  /**
   * Something from another executor.
   *
   * @param nanos when it was sent
   */
  record Sent(long nanos) implements Message {}

  /** What was noted so far does not count. */
  record Forget() implements Message {}

  /**
   * Tell what was noted.
   *
   * @param replyTo whom
   */
  record Tell(ActorRef<Delays> replyTo) implements Message {}

  private final SplittableRandom random = new SplittableRandom(1);
  private final Histogram timer = new Histogram(MAX_NANOS, 3);
  private final Histogram remote = new Histogram(MAX_NANOS, 3);
  private long dueNanos;

  @Override
  public void preStart(ActorContext<Message> context) {
    arm(context);
  }

  private void arm(ActorContext<Message> context) {
    long delay = MIN_DELAY_NANOS + random.nextLong(DELAY_RANGE_NANOS);
    dueNanos = System.nanoTime() + delay;
    context.timers().once("tick", Duration.ofNanos(delay), new Tick());
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    long now = System.nanoTime();
    if (message instanceof Tick) {
      note(timer, now - dueNanos);
      arm(context);
    } else if (message instanceof Sent sent) {
      note(remote, now - sent.nanos());
    } else if (message instanceof Forget) {
      timer.reset();
      remote.reset();
    } else if (message instanceof Tell tell) {
      tell.replyTo().tell(new Delays(timer.copy(), remote.copy()));
    }
  }

  private static void note(Histogram histogram, long nanos) {
    if (nanos < 0) {
      throw new IllegalStateException("woken " + -nanos + " ns before the time");
    }
    histogram.recordValue(Math.min(MAX_NANOS, nanos));
  }
}
