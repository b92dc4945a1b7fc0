package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** How to make a source actor, and how it hears of its subscriber. Immutable. */
record Source<T, M>(
    Function<? super Sink<T>, ? extends Actor<M>> actor,
    LongFunction<? extends M> onRequest,
    Supplier<? extends M> onCancel,
    boolean resumesAfterFailure) {}
