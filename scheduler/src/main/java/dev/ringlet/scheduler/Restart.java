package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * One restart of an actor, from the failure to the new instance; its cell has it for that long.
 * When the children have stopped the failed instance goes, then the pause begins, and when that is
 * over the cell makes the new instance in a step of its own. Owner executor only.
 */
final class Restart {
  private final ActorCell<?> cell;
  private final long pauseNanos;

  /** What the failed instance is told; null when it has gone. */
  private @Nullable Throwable failure;

  private @Nullable Timer pause;

  Restart(ActorCell<?> cell, Throwable failure, long pauseNanos) {
    this.cell = cell;
    this.failure = failure;
    this.pauseNanos = pauseNanos;
  }

  /** The children have stopped. */
  void leaveInstance() {
    Throwable cause = failure;
    if (cause == null) {
      return; // The pause is on.
    }
    failure = null;
    cell.leaveInstance(cause);
    if (pauseNanos == 0) {
      pauseIsOver();
    } else {
      Timer started = new Pause(this);
      pause = started;
      cell.executor().schedule(started, pauseNanos);
    }
  }

  private void pauseIsOver() {
    pause = null;
    cell.flags |= Task.REBORN;
    cell.schedule();
  }

  /** The actor stops instead. */
  void cancel() {
    if (pause != null) {
      cell.executor().cancel(pause);
      pause = null;
    }
  }

  private static final class Pause extends Timer {
    private final Restart restart;

    Pause(Restart restart) {
      this.restart = restart;
    }

    @Override
    void fire() {
      restart.pauseIsOver();
    }
  }
}
