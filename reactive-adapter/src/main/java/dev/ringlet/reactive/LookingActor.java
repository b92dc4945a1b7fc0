package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;

/**
 * An actor that serves one subscriber with what others leave for it: it looks whenever there is
 * more demand or its waker tells it to.
 */
abstract class LookingActor<T> extends SubscriberActor<T> {
  final Waker waker;

  /** How many elements the subscriber waits for. */
  private long demand;

  private boolean over;

  /** The waker is this actor's from its start on; one that is never started may be any. */
  LookingActor(ActorSubscription<T> subscription, Waker waker) {
    super(subscription, false);
    this.waker = waker;
  }

  /** Something has changed: does what demand and elements allow. */
  abstract void goOn(ActorContext<Object> context);

  /** The stream is over: leaves what it comes from, and gives back what is left. Once. */
  abstract void leave();

  final boolean isWanted() {
    return demand > 0;
  }

  /** Gives what the subscriber waits for; false if nobody listens any more. */
  final boolean pass(T element) {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    return subscription.next(element);
  }

  final boolean isOver() {
    return over;
  }

  @Override
  final void onRequest(long count, ActorContext<Object> context) {
    demand = Demand.saturatedSum(demand, count);
    goOn(context);
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) {
    if (over) {
      stopAfterLastLetter(context);
    } else {
      waker.heard();
      goOn(context);
    }
  }

  @Override
  final void onOver() {
    over = true;
    try {
      leave();
    } finally {
      if (waker.close()) {
        subscription.expectLetter();
      }
    }
  }

  @Override
  final void onCancel(ActorContext<Object> context) {
    // Whoever is upstream has heard of it.
  }

  @Override
  public void postStop(ActorContext<Object> context) throws Exception {
    try {
      if (!over) {
        onOver();
      }
    } finally {
      super.postStop(context);
    }
  }
}
