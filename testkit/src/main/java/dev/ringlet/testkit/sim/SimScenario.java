package dev.ringlet.testkit.sim;

/** What a simulation is about: starts systems, gives them something to do, and checks. */
@FunctionalInterface
public interface SimScenario {
  /**
   * Plays it. <b>Thread:</b> the one that called {@link SimSystem#run}; what it does must depend on
   * nothing but the simulation: no threads of its own, no clock and no chance of the machine's, no
   * order of identity hashes.
   *
   * @param sim the world that it plays in
   * @throws Exception fails the run, as an {@link AssertionError} does
   */
  void run(SimSystem sim) throws Exception;
}
