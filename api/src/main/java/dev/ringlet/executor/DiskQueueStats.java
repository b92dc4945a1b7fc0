package dev.ringlet.executor;

/**
 * How the operations on files of one priority class have waited for their turn on one executor, see
 * {@link ExecutorPool#withDiskDepth}. Those that went straight to the disk do not count. Immutable
 * snapshot; the numbers are read one after the other while the executor runs.
 *
 * @param waiting operations that wait now
 * @param waitingPeak the most that have ever waited
 * @param waits how long those that have had their turn had waited, as exact as the executor's look
 *     at the clock, about a time slice
 */
public record DiskQueueStats(long waiting, long waitingPeak, DelayHistogram waits) {}
