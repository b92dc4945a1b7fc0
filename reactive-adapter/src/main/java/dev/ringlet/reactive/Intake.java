package dev.ringlet.reactive;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the elements that an actor has used up, and wakes the one that asks for more. Any thread,
 * but for what says otherwise.
 */
final class Intake<T> {
  private final DemandOptions.Use use;
  private final int refill;
  private final Discard<T> discard;
  private final Waker waker;
  private final AtomicInteger usedUp = new AtomicInteger();

  /**
   * Each element that is taken wakes the relay, because the stream has ended or the mailbox was
   * full; written before the relay looks which elements are still on their way, or tries again.
   */
  private volatile boolean takesWake;

  Intake(DemandOptions<T> options, Discard<T> discard, Waker waker) {
    this.use = options.use();
    this.refill = options.refill();
    this.discard = discard;
    this.waker = waker;
  }

  /** An element is no longer on its way. */
  void taken() {
    if (use == DemandOptions.Use.TAKEN) {
      usedUp();
    }
    if (takesWake) {
      waker.wake();
    }
  }

  void acknowledged() {
    if (use == DemandOptions.Use.ACKNOWLEDGED) {
      usedUp();
    }
  }

  /** The mailbox has taken an element's message. Relay only. */
  void inMailbox() {
    if (use == DemandOptions.Use.IN_MAILBOX) {
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

  /** Whether from now on each element that is taken wakes the relay. Relay only. */
  void letTakesWake(boolean wake) {
    if (takesWake != wake) {
      takesWake = wake;
    }
  }
}
