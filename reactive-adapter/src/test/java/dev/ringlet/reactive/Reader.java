package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An actor that writes down the signals of a stream; a test overrides what it wants to do more. */
class Reader<T> implements Actor<Reader.Arrived<T>> {
  final List<T> elements = Collections.synchronizedList(new ArrayList<>());
  private volatile Throwable failure;
  private volatile boolean completed;

  /** The message of a signal. */
  record Arrived<T>(StreamSignal<T> signal) {}

  @Override
  public void receive(Arrived<T> message, ActorContext<Arrived<T>> context) {
    if (message.signal() instanceof StreamSignal.Element<T> element) {
      onElement(element);
    } else if (message.signal() instanceof StreamSignal.Failed<T> failed) {
      failure = failed.failure();
    } else {
      completed = true;
    }
  }

  void onElement(StreamSignal.Element<T> element) {
    elements.add(element.take());
    element.acknowledge();
  }

  Throwable awaitFailure() {
    TestSystem.awaitUntil(() -> failure != null);
    return failure;
  }

  void awaitElements(int count) {
    TestSystem.awaitUntil(() -> elements.size() >= count);
  }

  void awaitCompletion() {
    TestSystem.awaitUntil(this::hasEnded);
    if (failure != null) {
      throw new AssertionError("the stream has failed instead", failure);
    }
  }

  boolean hasEnded() {
    return completed || failure != null;
  }
}
