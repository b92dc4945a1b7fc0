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

  /** What the turn threw that is being recovered from by a restart. */
  @Nullable Throwable failure;
}
