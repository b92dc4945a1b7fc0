/** Runnable programs on Ringlet; {@link dev.ringlet.examples.Main} starts them by name. */
@NullMarked
package dev.ringlet.examples;

import org.jspecify.annotations.NullMarked;
