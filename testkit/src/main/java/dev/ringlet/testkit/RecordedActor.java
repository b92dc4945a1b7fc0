package dev.ringlet.testkit;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import java.util.Objects;
import java.util.function.Consumer;

/** Stands before an actor and gives it a context that records. */
final class RecordedActor<M> implements Actor<M> {
  private final Actor<M> actor;
  private final Consumer<Effect> record;

  RecordedActor(Actor<M> actor, Consumer<Effect> record) {
    this.actor = Objects.requireNonNull(actor, "the actor's factory gave null");
    this.record = record;
  }

  private ActorContext<M> recording(ActorContext<M> context) {
    return new RecordingContext<>(actor, context, record);
  }

  @Override
  public void preStart(ActorContext<M> context) throws Exception {
    actor.preStart(recording(context));
  }

  @Override
  public void receive(M message, ActorContext<M> context) throws Exception {
    actor.receive(message, recording(context));
  }

  @Override
  public void preRestart(Throwable failure, ActorContext<M> context) throws Exception {
    actor.preRestart(failure, recording(context));
  }

  @Override
  public void postStop(ActorContext<M> context) throws Exception {
    actor.postStop(recording(context));
  }
}
