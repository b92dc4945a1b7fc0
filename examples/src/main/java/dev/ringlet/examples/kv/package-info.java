/**
 * A durable key-value server made of actors that speaks the Redis protocol (RESP2).
 *
 * <p>One <em>shard</em> per executor owns the keys whose hash falls to it, so no key is ever
 * touched by two threads. A <em>connection</em> lives on the executor that accepted it: it parses
 * pipelined commands, sends each batch to the shards concerned as one message per shard, and
 * answers in the order of the requests. Each shard appends what it changes to a log of its own
 * before the client hears of it.
 *
 * <p>What is pure logic (parser, encoder, key space, commands, log format) knows nothing of actors
 * and is tested without them.
 */
@NullMarked
package dev.ringlet.examples.kv;

import org.jspecify.annotations.NullMarked;
