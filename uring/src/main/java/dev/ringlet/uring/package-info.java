/**
 * The io_uring driver: one ring per executor, owned by its pinned thread.
 *
 * <p>Way in: {@code UringDriver} is what the scheduler talks to. It hands requests to the {@code
 * Submitter}, which gives each a slot of the {@code OperationTable} and writes it into the {@code
 * SubmissionQueue} by way of {@code SqeEncoder}; {@code Completer} turns entries of the {@code
 * CompletionQueue} back into completions. {@code Ring} owns the mappings and enters the kernel,
 * {@code ReceiveBuffers} lends memory to it, {@code UringHandle} is an open file or socket, {@code
 * WakeUp} rouses a parked owner. All native calls are in {@code Libc}.
 *
 * <p>What keeps memory safe: an operation stays in the table, and holds every object whose address
 * the kernel knows, until its last completion was seen; a ring is unmapped only when the table is
 * empty; a completion is matched by slot and generation, so a stale one is counted and dropped.
 */
@NullMarked
package dev.ringlet.uring;

import org.jspecify.annotations.NullMarked;
