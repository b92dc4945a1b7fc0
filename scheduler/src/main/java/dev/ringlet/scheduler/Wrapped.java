package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/** A plain message of a type that the runtime itself puts into mailboxes. */
final class Wrapped extends Envelope {
  private final Object message;

  Wrapped(Object message) {
    this.message = message;
  }

  @Override
  Object message() {
    return message;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    cell.receiveAdapted(message);
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    cell.system().deadLetters().add(cell, message, reason, sender);
  }
}
