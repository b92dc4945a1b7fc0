/**
 * Executors: one thread each, usually pinned to a core, with task queues per priority class, timers
 * and an I/O driver of its own.
 */
@NullMarked
package dev.ringlet.executor;

import org.jspecify.annotations.NullMarked;
