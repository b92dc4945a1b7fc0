package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorStoppedException;

/** A message that is asked, and who must hear of it when it is not handled. */
final class Question extends Envelope {
  /** Waits for the answer. Any thread. */
  interface Asker {
    /** The question was not handled, and will not be. */
    void unanswered(RuntimeException cause);
  }

  /** A message, or an envelope around it. */
  private final Object entry;

  private final Asker asker;

  Question(Object entry, Asker asker) {
    this.entry = entry;
    this.asker = asker;
  }

  boolean asks(Object message) {
    return entry == message;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    CoreExecutor executor = cell.executor();
    executor.asks(this);
    try {
      if (entry instanceof Envelope envelope) {
        envelope.deliver(cell);
      } else {
        cell.receiveAdapted(entry);
      }
    } finally {
      executor.asks(null);
    }
  }

  @Override
  void undelivered(ActorCell<?> cell) {
    asker.unanswered(new ActorStoppedException(cell.path()));
  }
}
