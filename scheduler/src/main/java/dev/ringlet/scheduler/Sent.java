package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/** An entry, and whose turn it was sent in; where senders are tracked. */
final class Sent extends Envelope {
  private final Object entry;
  private final Task sender;

  Sent(Object entry, Task sender) {
    this.entry = entry;
    this.sender = sender;
  }

  @Override
  @Nullable Object message() {
    return messageIn(entry);
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    CoreExecutor executor = cell.executor();
    executor.handlesFrom(sender);
    try {
      cell.deliverEntry(entry);
    } finally {
      executor.handlesFrom(null);
    }
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task ignored) {
    cell.undeliverable(entry, reason, sender);
  }

  @Override
  void replaced(RuntimeException cause) {
    replaced(entry, cause);
  }
}
