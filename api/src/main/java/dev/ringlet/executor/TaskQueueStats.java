package dev.ringlet.executor;

/**
 * What one priority class has done on one executor. Immutable snapshot.
 *
 * @param priorityClass the class
 * @param slices how often the queue was picked
 * @param activations how often one of its actors ran
 * @param runNanos how long the core was given to it
 */
public record TaskQueueStats(
    PriorityClass priorityClass, long slices, long activations, long runNanos) {}
