/**
 * Streams of Reactive Streams, over our publishers and over Reactor's, side by side. Run with the
 * others, such as {@code java -jar benchmarks/target/ringlet-benchmarks.jar reactive}.
 */
@NullMarked
package dev.ringlet.benchmarks.reactive;

import org.jspecify.annotations.NullMarked;
