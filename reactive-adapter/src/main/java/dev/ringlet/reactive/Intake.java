package dev.ringlet.reactive;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the elements that an actor has used up, and wakes the one that asks for more. Any thread,
 * but for what says otherwise.
 */
final class Intake<T> {
  private final boolean acknowledged;
  private final int refill;
  private final Discard<T> discard;
  private final Waker waker;
  private final AtomicInteger usedUp = new AtomicInteger();

  /** The stream has ended; written before the relay looks which elements are still on their way. */
  private volatile boolean ended;

  Intake(DemandOptions<T> options, Discard<T> discard, Waker waker) {
    this.acknowledged = options.isAcknowledged();
    this.refill = options.refill();
    this.discard = discard;
    this.waker = waker;
  }

  /** An element is no longer on its way. */
  void taken() {
    if (!acknowledged) {
      usedUp();
    }
    if (ended) {
      waker.wake();
    }
  }

  void acknowledged() {
    if (acknowledged) {
      usedUp();
    }
  }

  private void usedUp() {
    if (usedUp.incrementAndGet() >= refill) {
      waker.wake();
    }
  }

  void giveBack(T element) {
    discard.accept(element);
  }

  /** How many more to ask for; zero if there is no need yet. Relay only. */
  int takeRefill() {
    return usedUp.get() < refill ? 0 : usedUp.getAndSet(0);
  }

  /** From now on each element that is taken wakes the relay. Relay only. */
  void end() {
    ended = true;
  }
}
