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
 * @param wakeupsSent how often its actors had to wake another executor
 * @param intakePauses how often it took no connections for a while, because too many actors waited
 * @param involuntarySwitches how often the operating system took the CPU from its thread; -1 where
 *     it does not tell
 * @param timers timers that wait
 * @param actors living actors
 * @param mailboxPeak the most messages that any mailbox held when its actor's turn came
 * @param parked whether it has nothing to do and waits in the kernel, and nothing is on its way to
 *     it
 * @param held actors that await something or restart while messages wait for them
 * @param buffersLent buffers from {@code Io.buffer} and file reads that are out now
 * @param diskInFlight operations on files that are with the driver now, at most {@link
 *     ExecutorPool#withDiskDepth} of them
 * @param bufferBytes memory taken for such buffers, lent or kept for the next
 * @param bufferWaits operations that wait for memory now, see {@link ExecutorPool#withBufferMemory}
 * @param buffersLeaked buffers of any kind that got lost without being released, as far as they are
 *     watched, see {@link ExecutorPool#withLeakDetection}
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
    long wakeupsSent,
    long intakePauses,
    long involuntarySwitches,
    long timers,
    long actors,
    long mailboxPeak,
    boolean parked,
    long held,
    long buffersLent,
    long diskInFlight,
    long bufferBytes,
    long bufferWaits,
    long buffersLeaked,
    List<TaskQueueStats> taskQueues,
    IoDriverStats io) {
  /** Copies the list. */
  public ExecutorStats {
    taskQueues = List.copyOf(taskQueues);
  }
}
