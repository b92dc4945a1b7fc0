package dev.ringlet.examples.kv;

import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * What a server takes from the machine beside its system and its folder. <b>Thread:</b> any.
 *
 * @param clock the time by which keys expire
 * @param random makes the salts of logs
 */
record Surroundings(InstantSource clock, RandomGenerator random) {
  /** The clock and the random numbers of this process. */
  static Surroundings ofProcess() {
    return new Surroundings(InstantSource.system(), () -> ThreadLocalRandom.current().nextLong());
  }

  /** The time in milliseconds since 1970. */
  long millis() {
    return clock.millis();
  }
}
