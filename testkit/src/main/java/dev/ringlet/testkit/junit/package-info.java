/**
 * JUnit 5: {@link dev.ringlet.testkit.junit.WithActorSystem} gives tests a system of their own and
 * has them fail when it has lost something; {@link dev.ringlet.testkit.junit.Simulation} runs them
 * over a simulated kernel, once for each of many seeds. Needs {@code junit-jupiter-api}, which
 * whoever uses it has.
 */
@NullMarked
package dev.ringlet.testkit.junit;

import org.jspecify.annotations.NullMarked;
