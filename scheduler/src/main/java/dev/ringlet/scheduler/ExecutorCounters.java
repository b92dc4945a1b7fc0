package dev.ringlet.scheduler;

import java.util.concurrent.atomic.LongAdder;

/** What an executor counts about itself. */
final class ExecutorCounters {
  final Counter turns = new Counter();
  final Counter messages = new Counter();
  final Counter remoteMessages = new Counter();
  final Counter parks = new Counter();
  final Counter actors = new Counter();
  final Counter wakeupsSent = new Counter();
  final Counter intakePauses = new Counter();
  final Counter timers = new Counter();

  /** Cells that are held up while messages wait for them. */
  final Counter held = new Counter();

  private final LongAdder wakeups = new LongAdder();

  /** Any thread; at most once per park. */
  void wakeupSent() {
    wakeups.increment();
  }

  long wakeups() {
    return wakeups.sum();
  }
}
