package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

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

  private Question(Object entry, Asker asker) {
    this.entry = entry;
    this.asker = asker;
  }

  static <M> Question of(Recipient<M> target, M message, Asker asker) {
    return new Question(target.system().carrying().entry(target.entryFor(message)), asker);
  }

  @Override
  @Nullable Object message() {
    return messageIn(entry);
  }

  boolean asks(Object message) {
    return messageIn(entry) == message;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    CoreExecutor executor = cell.executor();
    executor.asks(this);
    try {
      cell.deliverEntry(entry);
    } finally {
      executor.asks(null);
    }
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    refuse(cell.refusal(reason));
  }

  @Override
  void replaced(RuntimeException cause) {
    refuse(cause);
  }

  /** It was not taken. Any thread. */
  void refuse(RuntimeException cause) {
    asker.unanswered(cause);
  }
}
