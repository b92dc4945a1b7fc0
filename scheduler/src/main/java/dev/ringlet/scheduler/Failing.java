package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.actor.RingletException;
import org.jspecify.annotations.Nullable;

/** What an order or a key of the user's has thrown, on its way to the actor whose it is. */
final class Failing extends Envelope {
  private final Throwable failure;

  Failing(Throwable failure) {
    this.failure = failure;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw failure instanceof Exception thrown
        ? thrown
        : new RingletException(failure.toString(), failure);
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    cell.record(failure);
  }
}
