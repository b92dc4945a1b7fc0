package dev.ringlet.executor;

import java.util.List;

/**
 * What a system has done. Immutable snapshot.
 *
 * @param executors one entry per executor
 * @param deadLetters messages that could not be delivered
 * @param failures turns that ended with an exception
 * @param restarts actors that were given a new instance
 * @param stalls turns that were over their budget, if that is watched
 * @param offloadRunning work that blocks, and runs now
 * @param offloadWaiting work that blocks, and waits for a thread
 */
public record SystemStats(
    List<ExecutorStats> executors,
    long deadLetters,
    long failures,
    long restarts,
    long stalls,
    long offloadRunning,
    long offloadWaiting) {
  /** Copies the list. */
  public SystemStats {
    executors = List.copyOf(executors);
  }
}
