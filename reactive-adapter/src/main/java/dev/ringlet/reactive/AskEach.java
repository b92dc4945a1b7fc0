package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.util.function.BiFunction;

/** Whom to ask about each element, and how. Immutable. */
record AskEach<T, M, R>(
    ActorRef<M> actor,
    BiFunction<? super T, ? super ActorRef<R>, ? extends M> message,
    AskOptions<R> options) {}
