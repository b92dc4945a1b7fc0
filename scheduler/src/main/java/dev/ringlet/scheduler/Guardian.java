package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import java.util.concurrent.CompletableFuture;

/** The parent of an executor's top-level actors; it is the last to stop. */
final class Guardian implements Actor<Void> {
  private final CompletableFuture<Void> drained;

  Guardian(CompletableFuture<Void> drained) {
    this.drained = drained;
  }

  @Override
  public void receive(Void message, ActorContext<Void> context) {
    throw new AssertionError("the guardian takes no messages");
  }

  @Override
  public void postStop(ActorContext<Void> context) {
    drained.complete(null);
  }
}
