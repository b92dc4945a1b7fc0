/** The echo servers that users would pick instead, to be set beside the example's. */
@NullMarked
package dev.ringlet.benchmarks.echo;

import org.jspecify.annotations.NullMarked;
