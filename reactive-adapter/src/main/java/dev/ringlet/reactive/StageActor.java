package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** An actor between an upstream and a subscriber. */
abstract class StageActor<T, R> extends SubscriberActor<R> {
  final Waker waker = new Waker();
  final Inlet<T> inlet;

  /** How many elements the subscriber waits for. */
  long demand;

  private final Publisher<? extends T> upstream;
  private final int ahead;
  private final int refill;

  /** Elements polled that the upstream was not asked to replace. */
  private int usedUp;

  private boolean asked;
  private boolean over;

  StageActor(
      Publisher<? extends T> upstream,
      DemandOptions<T> options,
      Discard<T> discard,
      ActorSubscription<R> subscription) {
    super(subscription, false);
    this.upstream = upstream;
    this.ahead = options.ahead();
    this.refill = options.refill();
    this.inlet = new Inlet<>(ahead, discard, waker);
  }

  /**
   * Does what demand and elements allow. The subscription was open just now, and something has
   * changed. What the upstream throws goes to the subscriber.
   */
  abstract void advance(ActorContext<Object> context);

  /** The stream is over; nothing is polled any more. */
  abstract void onClosed();

  @Override
  final void onStart(ActorContext<Object> context) {
    waker.start(context.self());
    try {
      upstream.subscribe(inlet);
    } catch (RuntimeException thrown) {
      subscription.fail(thrown);
      return;
    }
    goOn(context);
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

  final void goOn(ActorContext<Object> context) {
    if (subscription.isClosed()) {
      // The message that ends it is on its way.
      return;
    }
    try {
      inlet.cancelIfOverflown();
      askFirst();
      advance(context);
    } catch (RuntimeException thrown) {
      inlet.close();
      subscription.fail(thrown);
    }
  }

  /** Nothing is asked for before the subscriber wants something. */
  private void askFirst() {
    if (!asked && demand > 0 && inlet.isSubscribed()) {
      asked = true;
      inlet.request(ahead);
    }
  }

  /** The next element, which the upstream may be asked to replace; null if none waits. */
  final @Nullable T take() {
    T element = inlet.poll();
    if (element != null && ++usedUp == refill) {
      usedUp = 0;
      try {
        inlet.request(refill);
      } catch (Throwable thrown) {
        inlet.giveBack(element);
        throw thrown;
      }
    }
    return element;
  }

  /** Gives what the subscriber waits for; false if nobody listens any more. */
  final boolean pass(R element) {
    if (demand != Long.MAX_VALUE) {
      demand--;
    }
    return subscription.next(element);
  }

  /** Ends the stream as the upstream has ended. */
  final void end() {
    Throwable failure = inlet.failure();
    if (failure == null) {
      subscription.complete();
    } else {
      subscription.fail(failure);
    }
  }

  final boolean isOver() {
    return over;
  }

  @Override
  final void onOver() {
    over = true;
    inlet.close();
    if (waker.close()) {
      subscription.expectLetter();
    }
    onClosed();
  }

  @Override
  final void onCancel(ActorContext<Object> context) {
    // The upstream has heard of it.
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
