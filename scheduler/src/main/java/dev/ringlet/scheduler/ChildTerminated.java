package dev.ringlet.scheduler;

/** Tells a parent, perhaps of another executor, that a child is no more. */
final class ChildTerminated extends Command {
  private final ActorCell<?> parent;
  private final ActorCell<?> child;

  ChildTerminated(ActorCell<?> parent, ActorCell<?> child) {
    this.parent = parent;
    this.child = child;
  }

  @Override
  void run(CoreExecutor executor) {
    parent.childTerminated(child);
  }

  @Override
  void refused(CoreExecutor executor) {
    // The parent's executor has ended, and the parent with it.
  }
}
