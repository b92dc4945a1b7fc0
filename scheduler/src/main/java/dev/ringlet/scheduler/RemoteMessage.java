package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/** A message on its way from another thread to a cell. */
final class RemoteMessage extends Command {
  private final Task target;
  private final Object message;

  /** Whose turn it was sent in; null if in none. */
  private final @Nullable Task sender;

  RemoteMessage(Task target, Object message, @Nullable Task sender) {
    this.target = target;
    this.message = message;
    this.sender = sender;
  }

  @Override
  void run(CoreExecutor executor) {
    target.enqueueFrom(sender, message);
  }

  @Override
  void refused(CoreExecutor executor) {
    target.undeliverable(message, Reason.STOPPED, sender);
  }
}
