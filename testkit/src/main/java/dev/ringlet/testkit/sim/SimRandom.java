package dev.ringlet.testkit.sim;

import java.util.SplittableRandom;

/**
 * Chance, drawn from a seed. Each part of a simulation has a stream of its own, so that a fault
 * that is left out does not change what comes after it elsewhere. The simulation's thread.
 */
final class SimRandom {
  private final SplittableRandom random;

  SimRandom(long seed, String stream) {
    random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + stream.hashCode());
  }

  /** 0 to bound - 1. */
  int index(int bound) {
    return random.nextInt(bound);
  }

  /** Both ends may come. */
  long between(long least, long most) {
    return least == most ? least : random.nextLong(least, most + 1);
  }

  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  long bits() {
    return random.nextLong();
  }
}
