/**
 * Tests without luck.
 *
 * <p>{@link dev.ringlet.testkit.BehaviorRun} runs one actor on the test's thread and records what
 * it does; {@link dev.ringlet.testkit.ActorProbe} is an actor whose messages the test takes; {@link
 * dev.ringlet.testkit.QuiescenceCheck} sees that a system rests and has lost nothing. {@link
 * dev.ringlet.testkit.SteppedSystem} runs a whole system on the test's thread, and {@link
 * dev.ringlet.testkit.ManualTicker} is its clock. {@link dev.ringlet.testkit.sim.SimSystem} runs
 * whole systems over a simulated kernel, in an order drawn from a seed.
 */
@NullMarked
package dev.ringlet.testkit;

import org.jspecify.annotations.NullMarked;
