package dev.ringlet.examples.priorities;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;

/** Always has work: computes for a few microseconds at a time and asks whether to give way. */
final class Burner implements Actor<Burner.Go> {
  private static final int STEPS_PER_QUANTUM = 2_000;

  /** The only thing it is told. */
  enum Go {
    /** Begin. */
    GO
  }

  private long state = 88172645463325252L;

  @Override
  public void receive(Go go, ActorContext<Go> context) {
    burn(context);
  }

  private void burn(ActorContext<Go> context) {
    do {
      compute();
    } while (!context.needPreempt());
    context.yield(() -> burn(context));
  }

  /** Marsaglia's xorshift, so that the compiler cannot leave it out. */
  private void compute() {
    long next = state;
    for (int i = 0; i < STEPS_PER_QUANTUM; i++) {
      next ^= next << 13;
      next ^= next >>> 7;
      next ^= next << 17;
    }
    state = next;
  }
}
