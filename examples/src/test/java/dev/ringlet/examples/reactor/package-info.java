/** Tests of the scheduler. */
@NullMarked
package dev.ringlet.examples.reactor;

import org.jspecify.annotations.NullMarked;
