/** The smallest program: one actor that counts. */
@NullMarked
package dev.ringlet.examples.hello;

import org.jspecify.annotations.NullMarked;
