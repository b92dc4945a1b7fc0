package dev.ringlet.reactive;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Elements that each holder has to give back, once. */
final class Leases {
  /** How many were not given back yet. */
  final AtomicInteger out = new AtomicInteger();

  /** How many were made by sharing another one. */
  final AtomicInteger shared = new AtomicInteger();

  /** How many were given back twice, or shared after that. */
  final AtomicInteger misused = new AtomicInteger();

  Lease lend(int number) {
    out.incrementAndGet();
    return new Lease(number);
  }

  /** The options with the hooks that these elements need. */
  MulticastOptions<Lease> handledBy(MulticastOptions<Lease> options) {
    return options.withShare(Lease::share).withDiscard(Lease::giveBack);
  }

  final class Lease {
    private final int number;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Lease(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    Lease share() {
      if (!held.get()) {
        misused.incrementAndGet();
      }
      shared.incrementAndGet();
      return lend(number);
    }

    void giveBack() {
      if (held.compareAndSet(true, false)) {
        out.decrementAndGet();
      } else {
        misused.incrementAndGet();
      }
    }
  }
}
