/** Tests of the echo server. */
@NullMarked
package dev.ringlet.examples.echo;

import org.jspecify.annotations.NullMarked;
