package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import java.util.ArrayDeque;
import java.util.Queue;

/** Passes elements on as they are wanted; a test overrides what it wants to do more. */
class Passing<T> implements Actor<ThroughSignal<T>> {
  final Sink<T> sink;
  private final Queue<StreamSignal.Element<T>> waiting = new ArrayDeque<>();
  private boolean completed;

  Passing(Sink<T> sink) {
    this.sink = sink;
  }

  @Override
  public void receive(ThroughSignal<T> signal, ActorContext<ThroughSignal<T>> context) {
    if (signal instanceof StreamSignal.Element<T> element) {
      waiting.add(element);
    } else if (signal instanceof StreamSignal.Completed<T>) {
      completed = true;
    }
    passOn(context);
  }

  private void passOn(ActorContext<ThroughSignal<T>> context) {
    for (int passed = 0; sink.demand() > 0 && !waiting.isEmpty(); passed++) {
      if (passed > 0 && context.needPreempt()) {
        context.yield(() -> passOn(context));
        return;
      }
      try (StreamSignal.Element<T> element = waiting.remove()) {
        T value = element.take();
        if (!sink.next(value)) {
          dropped(value);
        }
      }
    }
    if (completed && waiting.isEmpty()) {
      sink.complete();
    }
  }

  /** Nobody listens any more. */
  void dropped(T value) {}
}
