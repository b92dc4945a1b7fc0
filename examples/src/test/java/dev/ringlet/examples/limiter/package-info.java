/** Tests of the limiter. */
@NullMarked
package dev.ringlet.examples.limiter;

import org.jspecify.annotations.NullMarked;
