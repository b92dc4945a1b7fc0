package dev.ringlet.spi;

/**
 * A driver's counters since its start. Immutable snapshot.
 *
 * @param driver the driver's name
 * @param submitted requests taken
 * @param completed final completions reported
 * @param inFlight requests taken and not finally completed
 * @param enters system calls made to submit, reap or wait
 * @param submissionQueueFull how often a request had to wait for room
 * @param completionOverflows how often the completion ring had overflowed
 * @param interrupts how often a wait was ended by a signal (EINTR)
 * @param bufferShortages how often a receive had to wait for a buffer (ENOBUFS)
 * @param staleCompletions completions dropped because their slot was free or of another generation
 * @param buffersLent receive buffers that are out now
 */
public record IoDriverStats(
    String driver,
    long submitted,
    long completed,
    long inFlight,
    long enters,
    long submissionQueueFull,
    long completionOverflows,
    long interrupts,
    long bufferShortages,
    long staleCompletions,
    long buffersLent) {}
