/**
 * The runtime: read {@code ActorCell} (one actor, its mailbox and its state), then {@code RunLoop}
 * (one turn of an executor, in a fixed order), then {@code CoreExecutor} (one thread and all it
 * owns).
 *
 * <p>Everything here is owned by one executor thread, except what {@code docs/CONCURRENCY.md}
 * lists: the inbox by which other threads reach an executor, the gate that says whether it is
 * parked, the preempt request, and counters that others read.
 */
@NullMarked
package dev.ringlet.scheduler;

import org.jspecify.annotations.NullMarked;
