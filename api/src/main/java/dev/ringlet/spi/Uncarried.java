package dev.ringlet.spi;

/**
 * A message that takes nothing with it: neither what a {@link ContextCarrier} captures nor who has
 * sent it. For those that tell an actor to look at what several threads have left for it; in the
 * turn of such a message the context of one of them would be that of all.
 *
 * <p>{@link dev.ringlet.actor.ActorRef#tell} of one does not call the carrier, so it does not throw
 * what that throws.
 */
public interface Uncarried {}
