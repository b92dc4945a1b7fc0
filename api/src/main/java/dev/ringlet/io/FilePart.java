package dev.ringlet.io;

/**
 * What was read of a file. Immutable, but for the buffer.
 *
 * @param range what was asked for
 * @param buffer the bytes, to release: as many as were asked for, fewer where the file ends
 */
public record FilePart(FileRange range, IoBuffer buffer) {}
