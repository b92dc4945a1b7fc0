package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorRef;

/** An address behind which there are actors: knows which of them gets a message. Any thread. */
interface Recipient<M> extends ActorRef<M> {
  ActorCell<?> cellFor(M message);

  /** What goes into the mailbox of that cell. */
  Object entryFor(M message);

  DefaultActorSystem system();
}
