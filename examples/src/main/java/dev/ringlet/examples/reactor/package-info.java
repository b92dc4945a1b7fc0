/**
 * Ringlet under Reactor: {@link dev.ringlet.examples.reactor.CoreScheduler}, a scheduler that runs
 * on one executor and takes its time from there.
 */
@NullMarked
package dev.ringlet.examples.reactor;

import org.jspecify.annotations.NullMarked;
