package dev.ringlet.scheduler;

/** The thread of one executor; others tell it by its class. */
final class ExecutorThread extends Thread {
  ExecutorThread(Runnable life, String name) {
    super(life, name);
  }

  /** Whether it is the calling thread that is asked about, and an actor has its turn there. */
  static boolean isInTurn(Thread thread) {
    return thread instanceof ExecutorThread && CoreExecutor.runningHere() != null;
  }
}
