package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One actor waits for the end of another. Stands with the watched cell until that has ended, then
 * in the watcher's mailbox; with the watcher until its message is handled.
 */
final class Watch extends Envelope {
  private final ActorCell<?> watcher;
  private final ActorCell<?> watched;

  /** Null when nobody wants it any more. Watcher's executor. */
  private @Nullable Object message;

  Watch(ActorCell<?> watcher, ActorCell<?> watched, Object message) {
    this.watcher = watcher;
    this.watched = watched;
    this.message = message;
  }

  // ---- the watcher's executor

  void begin() {
    watched.executor().runOrSend(new Begin(this), false);
  }

  void replace(Object other) {
    message = other;
  }

  void end() {
    message = null;
    watched.executor().runOrSend(new End(this), false);
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    Object wanted = message;
    if (wanted != null) {
      message = null;
      cell.watching().told(watched);
      cell.receiveAdapted(wanted);
    }
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    // The one who wanted to know has stopped.
  }

  // ---- the watched actor's executor, or any thread when that has ended

  /** The watched actor is no more. */
  void tellWatcher() {
    watcher.executor().runOrSend(new Over(this), watcher.queue().urgent());
  }

  private static final class Begin extends Command {
    private final Watch watch;

    Begin(Watch watch) {
      this.watch = watch;
    }

    @Override
    void run(CoreExecutor executor) {
      watch.watched.watchedBy(watch);
    }

    @Override
    void refused(CoreExecutor executor) {
      watch.tellWatcher();
    }
  }

  private static final class End extends Command {
    private final Watch watch;

    End(Watch watch) {
      this.watch = watch;
    }

    @Override
    void run(CoreExecutor executor) {
      watch.watched.unwatchedBy(watch);
    }

    @Override
    void refused(CoreExecutor executor) {
      // It has ended, and the watched actor with it.
    }
  }

  private static final class Over extends Command {
    private final Watch watch;

    Over(Watch watch) {
      this.watch = watch;
    }

    @Override
    void run(CoreExecutor executor) {
      if (watch.message != null) {
        watch.watcher.enqueue(watch);
      }
    }

    @Override
    void refused(CoreExecutor executor) {
      // The watcher has ended.
    }
  }
}
