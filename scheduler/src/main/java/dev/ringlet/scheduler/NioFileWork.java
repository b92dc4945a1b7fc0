package dev.ringlet.scheduler;

/** Work for the threads of {@link NioFiles}. */
interface NioFileWork extends NioDone, Runnable {
  /** Owner: at the end of the driver. */
  void cancelUnlessBegun();
}
