/** Tells what the machine has of what the library makes use of. */
@NullMarked
package dev.ringlet.examples.doctor;

import org.jspecify.annotations.NullMarked;
