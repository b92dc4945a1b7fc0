package dev.ringlet.executor;

/**
 * What one priority class has done on one executor. Immutable snapshot; the numbers are read one
 * after the other while the executor runs.
 *
 * @param priorityClass the class
 * @param shares its shares as last read
 * @param runnable actors that wait for the core now
 * @param slices how often the queue was picked
 * @param activations how often one of its actors ran
 * @param runNanos how long the core was given to it
 * @param preemptions slices that ended with work left, because time was over or a more urgent class
 *     waited
 * @param yields turns that an actor ended with more to do ({@code context.yield})
 * @param queueYields slices that an actor ended ({@code context.yieldQueue})
 * @param budgetEnds activations that ended because the actor had handled as many messages as it may
 * @param waits how long the queue was runnable before it was picked
 * @param disk the operations of its actors that wait for the disk
 */
public record TaskQueueStats(
    PriorityClass priorityClass,
    int shares,
    long runnable,
    long slices,
    long activations,
    long runNanos,
    long preemptions,
    long yields,
    long queueYields,
    long budgetEnds,
    DelayHistogram waits,
    DiskQueueStats disk) {}
