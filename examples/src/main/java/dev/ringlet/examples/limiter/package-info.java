/**
 * A Reactor pipeline with a sharded service in the middle: a limiter of calls that has one actor on
 * each core, and each client's bucket in one of them. {@link
 * dev.ringlet.examples.limiter.LimitPipeline} is where to begin.
 */
@NullMarked
package dev.ringlet.examples.limiter;

import org.jspecify.annotations.NullMarked;
