package dev.ringlet.executor;

import dev.ringlet.spi.IoDriverStats;
import java.util.List;

/**
 * What one executor has done. Immutable snapshot; the numbers are read one after the other while
 * the executor runs.
 *
 * @param index the executor's index
 * @param turns passes of the run loop
 * @param messages messages handled by actors
 * @param remoteMessages messages and commands that came from other threads
 * @param parks how often it waited in the kernel
 * @param wakeups how often another thread had to wake it
 * @param actors living actors
 * @param buffersLent buffers from {@code Io.buffer} and file reads that are out now
 * @param taskQueues one entry per priority class
 * @param io the driver's counters
 */
public record ExecutorStats(
    int index,
    long turns,
    long messages,
    long remoteMessages,
    long parks,
    long wakeups,
    long actors,
    long buffersLent,
    List<TaskQueueStats> taskQueues,
    IoDriverStats io) {
  /** Copies the list. */
  public ExecutorStats {
    taskQueues = List.copyOf(taskQueues);
  }
}
