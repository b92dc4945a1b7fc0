package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.DeadLetter.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The first entry of every mailbox: makes the actor. */
final class Start<M> extends Envelope {
  private final Supplier<? extends Actor<M>> factory;

  Start(Supplier<? extends Actor<M>> factory) {
    this.factory = factory;
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    @SuppressWarnings("unchecked") // made for this cell, where both types were the same
    ActorCell<M> own = (ActorCell<M>) cell;
    own.instantiate(factory);
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    // Stopped before it began: there was never an actor.
  }
}
