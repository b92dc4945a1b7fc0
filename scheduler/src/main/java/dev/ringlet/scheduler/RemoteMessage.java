package dev.ringlet.scheduler;

/** A message on its way from another thread to a cell. */
final class RemoteMessage extends Command {
  private final ActorCell<?> target;
  private final Object message;

  RemoteMessage(ActorCell<?> target, Object message) {
    this.target = target;
    this.message = message;
  }

  @Override
  void run(CoreExecutor executor) {
    target.enqueue(message);
  }

  @Override
  void refused(CoreExecutor executor) {
    target.undeliverable(message);
  }
}
