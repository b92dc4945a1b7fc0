/**
 * Tests without luck: time that moves only when the test says so.
 *
 * <p>{@link dev.ringlet.testkit.SteppedSystem} runs a whole system on the test's thread, and {@link
 * dev.ringlet.testkit.ManualTicker} is its clock.
 */
@NullMarked
package dev.ringlet.testkit;

import org.jspecify.annotations.NullMarked;
