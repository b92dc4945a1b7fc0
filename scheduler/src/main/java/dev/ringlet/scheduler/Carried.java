package dev.ringlet.scheduler;

import dev.ringlet.actor.DeadLetter.Reason;
import dev.ringlet.spi.ContextCarrier;
import org.jspecify.annotations.Nullable;

/** An entry, and the context of whoever sent it. */
final class Carried extends Envelope {
  private final ContextCarrier carrier;
  private final Object captured;
  private final Object entry;

  Carried(ContextCarrier carrier, Object captured, Object entry) {
    this.carrier = carrier;
    this.captured = captured;
    this.entry = entry;
  }

  @Override
  @Nullable Object message() {
    return messageIn(entry);
  }

  @Override
  void deliver(ActorCell<?> cell) throws Exception {
    ContextCarrier.Scope scope = carrier.restore(captured);
    try {
      cell.deliverEntry(entry);
    } finally {
      scope.close();
    }
  }

  @Override
  void undelivered(ActorCell<?> cell, Reason reason, @Nullable Task sender) {
    cell.undeliverable(entry, reason, sender);
  }

  @Override
  void replaced(RuntimeException cause) {
    replaced(entry, cause);
  }
}
