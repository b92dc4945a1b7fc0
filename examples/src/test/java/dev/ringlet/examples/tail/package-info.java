/** Tests of {@code tail}. */
@NullMarked
package dev.ringlet.examples.tail;

import org.jspecify.annotations.NullMarked;
