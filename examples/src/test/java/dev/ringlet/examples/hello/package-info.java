/** Tests of the smallest program. */
@NullMarked
package dev.ringlet.examples.hello;

import org.jspecify.annotations.NullMarked;
