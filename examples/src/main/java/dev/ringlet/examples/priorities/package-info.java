/**
 * Priority classes on one saturated core: who gets how much of it, and how long a latency class
 * waits.
 */
@NullMarked
package dev.ringlet.examples.priorities;

import org.jspecify.annotations.NullMarked;
