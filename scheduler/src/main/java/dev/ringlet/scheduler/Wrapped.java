package dev.ringlet.scheduler;

/** A plain message of a type that the runtime itself puts into mailboxes. */
final class Wrapped extends Envelope {
  private final Object message;

  Wrapped(Object message) {
    this.message = message;
  }

  Object message() {
    return message;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    cell.receiveAdapted(message);
  }

  @Override
  void undelivered(ActorCell<?> cell) {
    cell.executor().system().deadLetters().add(cell, message);
  }
}
