package dev.ringlet.actor;

/**
 * Something that has happened in a system and that an actor can hear of, see {@link
 * ActorSystem#subscribe}: a {@link DeadLetter}, an {@link ActorFailure}, an {@link ActorRestarted},
 * a {@link dev.ringlet.executor.Stall}, an {@link ExecutorEnded}, a {@link
 * dev.ringlet.io.BufferLeak}. Immutable; later versions may add kinds.
 */
public interface SystemEvent {}
