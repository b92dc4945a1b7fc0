package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;

/** Passes what is pushed on to the one subscriber; tells all others that it has come already. */
final class PushActor<T> extends SubscriberActor<T> {
  private final PushSource<T> source;
  private final Waker waker;

  /** Whether its subscriber is the one. */
  private final boolean serving;

  /** How many elements the subscriber waits for. */
  private long demand;

  private boolean over;

  PushActor(PushSource<T> source, ActorSubscription<T> subscription) {
    super(subscription, false);
    this.source = source;
    this.waker = source.waker();
    this.serving = source.claim();
  }

  @Override
  void onStart(ActorContext<Object> context) {
    if (serving) {
      waker.start(context.self());
      goOn(context);
    } else {
      subscription.fail(
          new IllegalStateException(
              "the push source has one subscriber, which has come already; make a source for each"));
    }
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) {
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

  private void goOn(ActorContext<Object> context) {
    for (int passed = 0; demand > 0 && !subscription.isClosed(); passed++) {
      if (passed > 0 && context.needPreempt()) {
        waker.wake();
        return;
      }
      T element = source.poll();
      if (element == null) {
        break;
      }
      pass(element);
    }
    if (source.isDrained()) {
      end();
    }
  }

  private void pass(T element) {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    if (!subscription.next(element)) {
      source.giveBack(element);
    }
  }

  /** Does nothing if the subscriber has cancelled. */
  private void end() {
    Throwable failure = source.failure();
    if (failure == null) {
      subscription.complete();
    } else {
      subscription.fail(failure);
    }
  }

  @Override
  void onOver() {
    over = true;
    if (!serving) {
      return;
    }
    source.abandon();
    if (waker.close()) {
      subscription.expectLetter();
    }
  }

  @Override
  void onCancel(ActorContext<Object> context) {
    // What has waited is given back.
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
