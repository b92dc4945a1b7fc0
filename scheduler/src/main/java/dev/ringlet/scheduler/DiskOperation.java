package dev.ringlet.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * An operation on a file, which may have to wait for its turn at the disk; see {@link DiskQueue}.
 * It counts for the priority class of the actor that waits for it, or, if it was started as a
 * stage, of the actor in whose turn that was.
 */
abstract class DiskOperation<T> extends Operation<T> {
  private final FileTurns file;
  private @Nullable DiskAccount account;

  // The queue's.

  /** Whether it has a place at the driver. */
  boolean placed;

  /** Whether it waits for one. */
  boolean waits;

  long waitsSinceNanos;
  @Nullable DiskOperation<?> before;
  @Nullable DiskOperation<?> after;

  DiskOperation(CoreExecutor executor, String name, FileTurns file) {
    super(executor, name);
    this.file = file;
  }

  final FileTurns file() {
    return file;
  }

  /** Whom it is charged to; once asked for, it does not change. */
  final DiskAccount account() {
    DiskAccount known = account;
    if (known == null) {
      ActorCell<?> cell = owner();
      known = (cell == null ? executor().defaultQueue() : cell.queue()).disk();
      account = known;
    }
    return known;
  }

  /** Before the start, of one that belongs to no actor and is started in nobody's turn. */
  final void chargeTo(TaskQueue queue) {
    account = queue.disk();
  }

  @Override
  final void startedAsStage() {
    if (account == null) {
      account = executor().queueOfCaller().disk();
    }
  }

  /** A part after the first is done in the place of the first. */
  @Override
  final void submit() {
    if (placed) {
      toDriver();
    } else {
      executor().disk().submit(this);
    }
  }

  /** Whether the file was closed before it was started. */
  boolean comesAfterClose() {
    return file.isClosing();
  }

  @Override
  void leftDriver() {
    if (placed) {
      placed = false;
      executor().disk().left();
    }
  }

  @Override
  boolean leavesQueue() {
    if (waits) {
      executor().disk().remove(this);
      return true;
    }
    return false;
  }
}
