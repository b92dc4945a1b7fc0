package dev.ringlet.reactive;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How to make, step and close the state that the elements of one subscriber come from. Immutable.
 */
record Generator<T, S>(
    Supplier<? extends S> state,
    BiConsumer<? super S, ? super Sink<T>> step,
    Consumer<? super S> close) {}
