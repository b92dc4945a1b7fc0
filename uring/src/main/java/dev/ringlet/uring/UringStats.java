package dev.ringlet.uring;

/** The counters of a driver; written by the owner, read by any thread. */
final class UringStats {
  final Counter submitted = new Counter();
  final Counter completed = new Counter();
  final Counter submissionQueueFull = new Counter();
  final Counter completionOverflows = new Counter();
  final Counter interrupts = new Counter();
  final Counter bufferShortages = new Counter();
  final Counter staleCompletions = new Counter();
}
