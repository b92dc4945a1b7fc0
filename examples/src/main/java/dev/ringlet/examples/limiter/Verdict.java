package dev.ringlet.examples.limiter;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a call.
 *
 * @param allowed whether it may go on
 * @param shard who has decided
 * @param trace the trace that the shard saw in its thread while it did
 */
record Verdict(boolean allowed, int shard, @Nullable String trace) {}
