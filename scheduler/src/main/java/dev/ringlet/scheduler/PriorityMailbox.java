package dev.ringlet.scheduler;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The smallest message first, among equals the one that came first. Owner executor only. */
final class PriorityMailbox extends LocalMailbox {
  private final Comparator<Object> order;
  private final PriorityQueue<Waiting> messages = new PriorityQueue<>(this::compare);
  private long arrivals;

  PriorityMailbox(Comparator<Object> order) {
    this.order = order;
  }

  private record Waiting(Object entry, Object message, long arrival) {}

  /** Must not throw, or the heap would lose its order; the failure is delivered next. */
  private int compare(Waiting one, Waiting other) {
    int byOrder = 0;
    try {
      byOrder = order.compare(one.message, other.message);
    } catch (Throwable failure) {
      Failures.rethrowFatal(failure);
      super.add(new Failing(failure));
    }
    return byOrder != 0 ? byOrder : Long.compare(one.arrival, other.arrival);
  }

  @Override
  void add(Object entry) {
    Object message = Envelope.messageIn(entry);
    if (message == null) {
      super.add(entry);
    } else {
      messages.add(new Waiting(entry, message, arrivals++));
    }
  }

  @Override
  @Nullable Object poll() {
    Object first = super.poll();
    if (first != null) {
      return first;
    }
    Waiting waiting = messages.poll();
    return waiting == null ? null : waiting.entry;
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
