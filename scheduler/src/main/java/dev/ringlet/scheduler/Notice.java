package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/** An event on its way to a subscriber. */
final class Notice extends Envelope {
  private final Events events;
  private final Recipient<?> subscriber;

  /** An event, or an envelope around it. */
  private final Object entry;

  Notice(Events events, Recipient<?> subscriber, Object entry) {
    this.events = events;
    this.subscriber = subscriber;
    this.entry = entry;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    cell.deliverEntry(entry);
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    if (reason == Reason.STOPPED) {
      events.unsubscribe(subscriber);
    } else {
      // An event about it would find the same mailbox full.
      cell.system().deadLetters().count(subscriber, reason);
    }
  }
}
