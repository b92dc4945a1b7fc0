package dev.ringlet.testkit.sim;

import java.time.Duration;

/**
 * A fault that has happened. Immutable.
 *
 * @param number its number in the run, by which it can be {@linkplain SimOptions#withOnlyFaults
 *     asked for}
 * @param kind what kind
 * @param at when, since the beginning of the simulation
 * @param what what it has happened to
 */
public record SimFault(int number, Fault kind, Duration at, String what) {
  @Override
  public String toString() {
    return "#" + number + " at " + at.toNanos() + " ns: " + kind + " " + what;
  }
}
