/**
 * I/O in two shapes: {@link dev.ringlet.io.IoOp}, one operation with one outcome, and {@link
 * dev.ringlet.io.IoStream}, many elements with demand. Both reach actors as messages.
 *
 * <p>The way in is {@link dev.ringlet.io.Io}, which every actor gets from its context.
 */
@NullMarked
package dev.ringlet.io;

import org.jspecify.annotations.NullMarked;
