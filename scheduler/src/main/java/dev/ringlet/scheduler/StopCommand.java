package dev.ringlet.scheduler;

/** Asks a cell of another executor to stop. */
final class StopCommand extends Command {
  private final ActorCell<?> cell;

  StopCommand(ActorCell<?> cell) {
    this.cell = cell;
  }

  @Override
  void run(CoreExecutor executor) {
    cell.requestStop();
  }

  @Override
  void refused(CoreExecutor executor) {
    // The executor has ended, and its actors with it; the parent must not wait for one of them.
    cell.tellParent();
  }
}
