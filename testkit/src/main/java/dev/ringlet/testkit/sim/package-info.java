/**
 * A simulated kernel: files, network and clock in memory, with faults, all of it in an order drawn
 * from a seed. {@link dev.ringlet.testkit.sim.SimSystem} is the way in: it runs whole actor systems
 * over it. JUnit 5 does so by {@link dev.ringlet.testkit.junit.Simulation}.
 */
@NullMarked
package dev.ringlet.testkit.sim;

import org.jspecify.annotations.NullMarked;
