/**
 * The seam between schedulers and I/O drivers, joined by {@link java.util.ServiceLoader}. For those
 * who write either; applications do not need it.
 *
 * <p>A scheduler fills an {@link dev.ringlet.spi.IoRequest} and submits it to its {@link
 * dev.ringlet.spi.IoDriver}; the driver reports completions to a {@link
 * dev.ringlet.spi.CompletionSink} when it is polled, never at another moment.
 */
@NullMarked
package dev.ringlet.spi;

import org.jspecify.annotations.NullMarked;
