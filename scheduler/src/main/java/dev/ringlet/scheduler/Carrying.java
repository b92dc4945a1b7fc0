package dev.ringlet.scheduler;

import dev.ringlet.spi.ContextCarrier;
import dev.ringlet.spi.MailboxEntry;
import dev.ringlet.spi.Uncarried;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What goes with a message besides itself: the context of the calling thread, for the turn in which
 * it is handled, and the sender. Gives things back as they are where nothing is carried, or there
 * is nothing to carry. Any thread.
 */
final class Carrying {
  private final @Nullable ContextCarrier carrier;
  private final boolean senders;

  Carrying(@Nullable ContextCarrier carrier, boolean senders) {
    this.carrier = carrier;
    this.senders = senders;
  }

  boolean isOn() {
    return carrier != null || senders;
  }

  /** What is sent. */
  Object entry(Object entry) {
    return from(senders ? CoreExecutor.runningHere() : null, entry);
  }

  /** What is handled, to be handled again. In a turn. */
  Object again(Object entry, CoreExecutor executor) {
    return from(executor.handledFrom(), entry);
  }

  private Object from(@Nullable Task sender, Object entry) {
    if (entry instanceof Uncarried) {
      return entry;
    }
    ContextCarrier used = carrier;
    Object captured = used == null ? null : used.capture();
    Object carried = used == null || captured == null ? entry : new Carried(used, captured, entry);
    return sender == null ? carried : new Sent(carried, sender);
  }

  /** The rest of a turn. */
  Runnable rest(Runnable rest) {
    ContextCarrier used = carrier;
    Object captured = used == null ? null : used.capture();
    if (used == null || captured == null) {
      return rest;
    }
    return () -> {
      ContextCarrier.Scope scope = used.restore(captured);
      try {
        rest.run();
      } finally {
        scope.close();
      }
    };
  }

  /** The rest of a turn, after an operation. */
  <T, F> BiConsumer<? super @Nullable T, ? super @Nullable F> rest(
      BiConsumer<? super @Nullable T, ? super @Nullable F> rest) {
    ContextCarrier used = carrier;
    Object captured = used == null ? null : used.capture();
    if (used == null || captured == null) {
      return rest;
    }
    return (value, failure) -> {
      ContextCarrier.Scope scope = used.restore(captured);
      try {
        rest.accept(value, failure);
      } finally {
        scope.close();
      }
    };
  }

  /** A message that an outcome becomes, and how it is handled. */
  <T, F, M> BiFunction<? super @Nullable T, ? super @Nullable F, ?> outcome(
      BiFunction<? super @Nullable T, ? super @Nullable F, ? extends M> adapter) {
    ContextCarrier used = carrier;
    Object captured = used == null ? null : used.capture();
    if (used == null || captured == null) {
      return adapter;
    }
    return (value, failure) -> {
      M message;
      ContextCarrier.Scope scope = used.restore(captured);
      try {
        message = adapter.apply(value, failure);
      } finally {
        scope.close();
      }
      if (message == null) {
        return null;
      }
      Object entry = message instanceof MailboxEntry ? new Wrapped(message) : message;
      return new Carried(used, captured, entry);
    };
  }
}
