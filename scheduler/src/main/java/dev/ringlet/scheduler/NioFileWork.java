package dev.ringlet.scheduler;

/** Work for the threads of {@link NioFiles}. */
interface NioFileWork extends Runnable {
  /** Owner: a thread has run it. */
  void end();

  /** Owner: at the end of the driver. */
  void cancelUnlessBegun();
}
