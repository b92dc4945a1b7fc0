package dev.ringlet.spi;

/**
 * What a scheduler asks of a driver. Immutable.
 *
 * @param submissionEntries size of the submission ring, a power of two, at least 4
 * @param completionEntries size of the completion ring, a power of two, at least the former
 * @param receiveBufferCount buffers that the kernel fills, a power of two, at least 2
 * @param receiveBufferBytes size of each in bytes
 * @param ticker the clock
 */
public record IoDriverOptions(
    int submissionEntries,
    int completionEntries,
    int receiveBufferCount,
    int receiveBufferBytes,
    Ticker ticker) {}
