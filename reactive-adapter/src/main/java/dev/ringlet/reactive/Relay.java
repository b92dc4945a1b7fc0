package dev.ringlet.reactive;

import dev.ringlet.actor.ActorRef;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * What the subscriber's side and the actor's side of a relay share. Any thread, as its parts.
 *
 * @param target who gets the messages
 * @param owned set by the first of the relay actor, when it starts, and whoever finds that it does
 *     not start: from then on the upstream is theirs to ask and to cancel
 * @param cancelled set by {@link ActorSubscriber#cancel}, before it wakes the relay actor
 */
record Relay<T, M>(
    ActorRef<M> target,
    Function<? super StreamSignal<T>, ? extends M> adapter,
    DemandOptions<T> options,
    Waker waker,
    Inlet<T> inlet,
    Intake<T> intake,
    AtomicBoolean owned,
    AtomicBoolean cancelled) {

  Relay(
      ActorRef<M> target,
      Function<? super StreamSignal<T>, ? extends M> adapter,
      DemandOptions<T> options) {
    this(target, adapter, options, options.discard(), new Waker());
  }

  private Relay(
      ActorRef<M> target,
      Function<? super StreamSignal<T>, ? extends M> adapter,
      DemandOptions<T> options,
      Discard<T> discard,
      Waker waker) {
    this(
        target,
        adapter,
        options,
        waker,
        new Inlet<>(options.ahead(), discard, waker),
        new Intake<>(options, discard, waker),
        new AtomicBoolean(),
        new AtomicBoolean());
  }

  /** True for the first who asks. */
  boolean own() {
    return owned.compareAndSet(false, true);
  }
}
