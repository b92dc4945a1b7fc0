package dev.ringlet.benchmarks.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.reactive.Sink;
import dev.ringlet.reactive.SourceSignal;

/** The numbers from 0, by an actor. */
final class RangeSource implements Actor<SourceSignal> {
  private final Sink<Integer> sink;
  private final int count;
  private int next;

  RangeSource(Sink<Integer> sink, int count) {
    this.sink = sink;
    this.count = count;
  }

  @Override
  public void receive(SourceSignal signal, ActorContext<SourceSignal> context) {
    while (next < count && sink.demand() > 0) {
      if (context.needPreempt()) {
        context.yield(() -> receive(signal, context));
        return;
      }
      sink.next(next++);
    }
    if (next == count) {
      sink.complete();
    }
  }
}
