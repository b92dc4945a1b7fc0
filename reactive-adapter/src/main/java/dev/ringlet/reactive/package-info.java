/**
 * Actors and I/O streams as Reactive Streams publishers, and actors as subscribers.
 *
 * <p>{@link dev.ringlet.reactive.Publishers} makes them: from an {@link dev.ringlet.io.IoStream},
 * or from an actor that produces on demand and signals through a {@link dev.ringlet.reactive.Sink}.
 * Simpler sources are a state that is stepped ({@code generate}), a seed that is unfolded ({@code
 * unfold}), and what any threads offer to a {@link dev.ringlet.reactive.PushPublisher}.
 *
 * <p>Every subscriber is served by an actor of its own. It gets {@code onSubscribe} while it
 * subscribes; all other signals come from that actor's executor, one after the other, but for the
 * {@code onError} of an executor that has ended, which comes from whoever finds it. {@code request}
 * and {@code cancel} may be called on any thread and reach the actor as a message, at most one at a
 * time. A subscriber must not block: it runs on a core that others share.
 *
 * <p>Signals are no messages and carry no {@linkplain dev.ringlet.spi.ContextCarrier context}:
 * elements that several threads have brought are handled in one turn. What has to go with an
 * element is part of it.
 *
 * <p>{@link dev.ringlet.reactive.Subscribers} goes the other way: what an upstream signals, on any
 * thread, becomes messages of an actor, and what the actor has used up becomes demand. {@link
 * dev.ringlet.reactive.Processors} has the stages between a publisher and a subscriber. One of
 * them, {@link dev.ringlet.reactive.Multicast}, has several subscribers, all served by one actor.
 *
 * <p>An {@link dev.ringlet.reactive.OutputSubscriber} writes what comes to a connection, a pipe or
 * a file.
 */
@NullMarked
package dev.ringlet.reactive;

import org.jspecify.annotations.NullMarked;
