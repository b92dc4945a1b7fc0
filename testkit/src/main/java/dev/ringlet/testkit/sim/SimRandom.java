package dev.ringlet.testkit.sim;

import java.util.SplittableRandom;

/**
 * Chance, drawn from a seed. Each part of a simulation has a stream of its own, so that a fault
 * that is left out does not change what comes after it elsewhere. The simulation's thread.
 */
final class SimRandom {
  private final SplittableRandom random;

  SimRandom(long seed, String stream) {
    random = new SplittableRandom(mixed(mixed(seed) + stream.hashCode()));
  }

  /**
   * Of MurmurHash3. A splittable random number generator goes on by adding: one that began with
   * neighbouring seeds would give the same numbers a little later.
   */
  private static long mixed(long value) {
    long bits = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return bits ^ (bits >>> 33);
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
