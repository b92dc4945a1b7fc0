package dev.ringlet.scheduler;

/** Leaves the failure of a child to its parent, perhaps of another executor. */
final class ChildFailed extends Command {
  private final ActorCell<?> parent;
  private final Throwable failure;

  ChildFailed(ActorCell<?> parent, Throwable failure) {
    this.parent = parent;
    this.failure = failure;
  }

  @Override
  void run(CoreExecutor executor) {
    Supervisor.childFailed(parent, failure);
  }

  @Override
  void refused(CoreExecutor executor) {
    // The parent's executor has ended, and the parent with it; the failure is on record.
  }
}
