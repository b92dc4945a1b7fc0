package dev.ringlet.scheduler;

/** What another thread has done for a driver; see {@link NioFiles#done}. */
interface NioDone {
  /** Owner: ends it. */
  void end();
}
