package dev.ringlet.actor;

import java.util.List;

/**
 * The address of a router: an actor whose messages go to its routees. A message takes no way round:
 * the sender puts it into the mailbox of the routee that its {@link Routing} chooses. Messages from
 * one sender to one routee arrive in the order they were sent.
 *
 * <p>A routee that stops is left out from then on; messages that were on their way to it are dead
 * letters. A router stops with its last routee; the routees of a pool stop with their router.
 *
 * @param <M> the type of messages the routees accept
 */
public interface RouterRef<M> extends ActorRef<M> {
  /**
   * Those who get messages now.
   *
   * @return an immutable list; empty when the router has stopped
   */
  List<ActorRef<M>> routees();
}
