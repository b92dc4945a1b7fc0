package dev.ringlet.examples.priorities;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import java.time.Duration;
import java.util.SplittableRandom;

/** On the other executor: sends the time, about once a millisecond. */
final class Sender implements Actor<Sender.Tick> {
  private static final long MIN_DELAY_NANOS = 700_000;
  private static final long DELAY_RANGE_NANOS = 600_000;

  /** Its timer. */
  record Tick() {}

  private final SplittableRandom random = new SplittableRandom(2);
  private final ActorRef<Woken.Message> woken;

  Sender(ActorRef<Woken.Message> woken) {
    this.woken = woken;
  }

  @Override
  public void preStart(ActorContext<Tick> context) {
    arm(context);
  }

  private void arm(ActorContext<Tick> context) {
    long delay = MIN_DELAY_NANOS + random.nextLong(DELAY_RANGE_NANOS);
    context.timers().once("tick", Duration.ofNanos(delay), new Tick());
  }

  @Override
  public void receive(Tick tick, ActorContext<Tick> context) {
    woken.tell(new Woken.Sent(System.nanoTime()));
    arm(context);
  }
}
