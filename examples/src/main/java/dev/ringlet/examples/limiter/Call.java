package dev.ringlet.examples.limiter;

/**
 * A call that is to be let through or refused.
 *
 * @param client who calls
 * @param atNanos when; the calls of one client come in this order
 */
record Call(int client, long atNanos) {}
