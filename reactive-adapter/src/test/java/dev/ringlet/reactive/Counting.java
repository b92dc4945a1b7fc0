package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;

/** A source of the numbers from 0 that gives the core back when asked to. */
final class Counting implements Actor<SourceSignal> {
  private final Sink<Long> sink;
  private final long count;
  private long next;

  Counting(Sink<Long> sink, long count) {
    this.sink = sink;
    this.count = count;
  }

  @Override
  public void preStart(ActorContext<SourceSignal> context) {
    completeAtEnd();
  }

  @Override
  public void receive(SourceSignal signal, ActorContext<SourceSignal> context) {
    produce(context);
  }

  private void produce(ActorContext<SourceSignal> context) {
    while (next < count && sink.demand() > 0) {
      if (context.needPreempt()) {
        context.yield(() -> produce(context));
        return;
      }
      sink.next(next++);
    }
    completeAtEnd();
  }

  private void completeAtEnd() {
    if (next == count) {
      sink.complete();
    }
  }
}
