package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;

/** Answers numbers with their squares; a test overrides how. */
class Squares implements Actor<Squares.Ask> {
  /** The question. */
  record Ask(int number, ActorRef<Integer> replyTo) {}

  @Override
  public void receive(Ask ask, ActorContext<Ask> context) {
    ask.replyTo().tell(ask.number() * ask.number());
  }
}
