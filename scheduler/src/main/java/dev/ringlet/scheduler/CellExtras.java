package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/** What most idle actors do not have; made with the first use. Owner executor only. */
final class CellExtras {
  final Children children = new Children();

  /** The requests that end with the cell. */
  @Nullable Source firstSource;

  @Nullable CellTimers<?> timers;

  /** The rest of a turn: a {@link Runnable} after a yield, the {@link Operation} of an await. */
  @Nullable Object continuation;

  /** What a child has failed with, and this actor is to fail with. */
  @Nullable Throwable childFailure;

  /** The restart that is on. */
  @Nullable Restart restart;

  private @Nullable RestartHistory restartHistory;

  @Nullable Watching watching;

  @Nullable Stash stash;

  /** What the factory has made, if another object handles the messages now. */
  @Nullable Class<?> firstClass;

  RestartHistory restartHistory() {
    if (restartHistory == null) {
      restartHistory = new RestartHistory();
    }
    return restartHistory;
  }
}
