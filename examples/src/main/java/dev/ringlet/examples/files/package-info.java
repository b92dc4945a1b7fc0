/** Files from one end to the other: {@code cat} and {@code copy}. */
@NullMarked
package dev.ringlet.examples.files;

import org.jspecify.annotations.NullMarked;
