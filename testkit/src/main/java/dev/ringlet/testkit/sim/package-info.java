/**
 * A simulated kernel: files, network and clock in memory, with faults, all of it in an order drawn
 * from a seed. {@link dev.ringlet.testkit.sim.SimWorld} is the way in: the {@linkplain
 * dev.ringlet.testkit.sim.SimWorld#drivers drivers} of the executors of stepped systems share it.
 */
@NullMarked
package dev.ringlet.testkit.sim;

import org.jspecify.annotations.NullMarked;
