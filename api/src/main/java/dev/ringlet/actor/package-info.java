/**
 * Typed actors: state that is touched by one message at a time, always on its own core.
 *
 * <p>An {@link dev.ringlet.actor.Actor} receives messages; an {@link dev.ringlet.actor.ActorRef}
 * sends them from any thread; an {@link dev.ringlet.actor.ActorContext} is what an actor may do
 * during its turn; an {@link dev.ringlet.actor.ActorSystem} owns the executors they live on.
 */
@NullMarked
package dev.ringlet.actor;

import org.jspecify.annotations.NullMarked;
