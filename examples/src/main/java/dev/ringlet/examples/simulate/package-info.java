/**
 * Simulates the key-value server with its clients, crashes and power losses, and checks that every
 * answer was right. What runs is the server itself; only kernel, clock and threads are simulated.
 */
@NullMarked
package dev.ringlet.examples.simulate;

import org.jspecify.annotations.NullMarked;
