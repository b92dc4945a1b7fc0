/**
 * Programs of the Savina suite (Imam and Sarkar, "Savina - An Actor Benchmark Suite", AGERE 2014)
 * and skynet, each written once, over {@link dev.ringlet.benchmarks.savina.Actors}, and run on
 * Ringlet and on Pekko typed. The sizes are such that a program takes a fraction of a second.
 */
@NullMarked
package dev.ringlet.benchmarks.savina;

import org.jspecify.annotations.NullMarked;
