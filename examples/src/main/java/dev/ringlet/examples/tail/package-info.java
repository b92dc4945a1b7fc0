/**
 * {@code tail -F} as a stream: {@link dev.ringlet.examples.tail.Tail} puts a directory watch, reads
 * of a file and the cutting into lines together, all of them publishers.
 */
@NullMarked
package dev.ringlet.examples.tail;

import org.jspecify.annotations.NullMarked;
