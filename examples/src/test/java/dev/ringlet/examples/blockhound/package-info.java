/** Blocking calls are found in turns, and only there. */
@NullMarked
package dev.ringlet.examples.blockhound;

import org.jspecify.annotations.NullMarked;
