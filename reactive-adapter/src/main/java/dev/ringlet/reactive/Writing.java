package dev.ringlet.reactive;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the subscriber's side and the actor's side of an output share. Any thread, as its parts.
 *
 * @param owned set by the actor when it starts, or by whoever finds that it does not start: from
 *     then on the upstream and the result are theirs
 * @param cancelled set by {@link OutputSubscriber#cancel}, before it wakes the actor
 */
record Writing<T>(
    Target target,
    WriteOptions<T> options,
    Waker waker,
    Inlet<T> inlet,
    AtomicBoolean owned,
    AtomicBoolean cancelled,
    CompletableFuture<Long> result) {

  Writing(Target target, WriteOptions<T> options) {
    this(target, options, new Waker());
  }

  private Writing(Target target, WriteOptions<T> options, Waker waker) {
    this(
        target,
        options,
        waker,
        new Inlet<>(options.ahead(), options.discard(), waker),
        new AtomicBoolean(),
        new AtomicBoolean(),
        new CompletableFuture<>());
  }

  /** True for the first who asks. */
  boolean own() {
    return owned.compareAndSet(false, true);
  }
}
