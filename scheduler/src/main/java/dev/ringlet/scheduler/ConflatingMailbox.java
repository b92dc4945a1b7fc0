package dev.ringlet.scheduler;

import dev.ringlet.actor.RingletException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One message per key, the newest, at the place of the first. Owner executor only. */
final class ConflatingMailbox extends LocalMailbox {
  private final Function<Object, ?> keyOf;

  /** A key may be null. */
  private final Map<@Nullable Object, Object> messages = new LinkedHashMap<>();

  ConflatingMailbox(Function<Object, ?> keyOf) {
    this.keyOf = keyOf;
  }

  @Override
  void add(Object entry) {
    Object message = Envelope.messageIn(entry);
    if (message == null) {
      super.add(entry);
      return;
    }
    try {
      Object key = keyOf.apply(message);
      Object older = messages.put(key, entry);
      if (older instanceof Envelope envelope) {
        envelope.replaced(
            new RingletException("a newer message of key " + key + " has replaced the question"));
      }
    } catch (Throwable failure) {
      Failures.rethrowFatal(failure);
      Envelope.replaced(entry, new RingletException("its key failed: " + failure, failure));
      super.add(new Failing(failure));
    }
  }

  @Override
  @Nullable Object poll() {
    Object first = super.poll();
    if (first != null || messages.isEmpty()) {
      return first;
    }
    Iterator<Object> oldest = messages.values().iterator();
    Object entry = oldest.next();
    oldest.remove();
    return entry;
  }

  @Override
  boolean isEmpty() {
    return super.isEmpty() && messages.isEmpty();
  }

  @Override
  int size() {
    return super.size() + messages.size();
  }
}
