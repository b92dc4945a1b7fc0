/**
 * Tests without luck: time that moves only when the test says so.
 *
 * <p>{@link dev.ringlet.testkit.ManualTicker} stands in for the clock of an executor.
 */
@NullMarked
package dev.ringlet.testkit;

import org.jspecify.annotations.NullMarked;
