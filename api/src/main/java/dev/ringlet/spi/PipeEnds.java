package dev.ringlet.spi;

/**
 * The two ends of a pipe, to be closed each.
 *
 * @param readEnd what is received from
 * @param writeEnd what is sent to
 */
public record PipeEnds(IoHandle readEnd, IoHandle writeEnd) {}
