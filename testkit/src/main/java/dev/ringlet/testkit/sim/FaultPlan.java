package dev.ringlet.testkit.sim;

/**
 * What goes wrong in a simulation, and how often. Immutable.
 *
 * @param errnoProbability how probable it is that an operation fails with an error that it may have
 */
record FaultPlan(double errnoProbability) {
  /** Nothing goes wrong. */
  static final FaultPlan NONE = new FaultPlan(0);
}
