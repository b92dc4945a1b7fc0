package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;

/** Passes what is pushed on to the one subscriber; tells all others that it has come already. */
final class PushActor<T> extends LookingActor<T> {
  private final PushSource<T> source;

  /** Whether its subscriber is the one. */
  private final boolean serving;

  PushActor(PushSource<T> source, ActorSubscription<T> subscription) {
    this(source, subscription, source.claim());
  }

  private PushActor(PushSource<T> source, ActorSubscription<T> subscription, boolean serving) {
    super(subscription, serving ? source.waker() : new Waker());
    this.source = source;
    this.serving = serving;
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
  void goOn(ActorContext<Object> context) {
    for (int passed = 0; isWanted() && !subscription.isClosed(); passed++) {
      if (passed > 0 && context.needPreempt()) {
        waker.wake();
        return;
      }
      T element = source.poll();
      if (element == null) {
        break;
      }
      if (!pass(element)) {
        source.giveBack(element);
      }
    }
    if (serving && source.isDrained()) {
      end();
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
  void leave() {
    if (serving) {
      source.abandon();
    }
  }
}
