package dev.ringlet.examples.reactor;

import dev.ringlet.actor.ActorContext;

/** What the actor behind a scheduler is told. */
@FunctionalInterface
interface Letter {
  /** In a turn of that actor. */
  void arrive(ActorContext<Letter> context);
}
