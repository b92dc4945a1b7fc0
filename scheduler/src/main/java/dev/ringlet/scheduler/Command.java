package dev.ringlet.scheduler;

/** What another thread asks of an executor; run once on the executor's thread, no user code. */
abstract class Command {
  abstract void run(CoreExecutor executor);

  /** The executor has ended and will not run it. Any thread. */
  abstract void refused(CoreExecutor executor);
}
