package dev.ringlet.reactive;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;

/** A source of the numbers from 0 that gives the core back when asked to. */
final class Counting implements Actor<SourceSignal> {
  private final Sink<Long> sink;
  private final long count;
  private final Throwable failure;
  private long next;

  Counting(Sink<Long> sink, long count) {
    this(sink, count, null);
  }

  /**
   * Ends with a failure, unless that is null.
   *
   * @param count how many numbers come before
   */
  Counting(Sink<Long> sink, long count, Throwable failure) {
    this.sink = sink;
    this.count = count;
    this.failure = failure;
  }

  @Override
  public void preStart(ActorContext<SourceSignal> context) {
    endAtEnd();
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
    endAtEnd();
  }

  private void endAtEnd() {
    if (next < count) {
      return;
    }
    if (failure == null) {
      sink.complete();
    } else {
      sink.fail(failure);
    }
  }
}
