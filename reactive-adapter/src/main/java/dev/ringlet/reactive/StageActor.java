package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** An actor between an upstream and a subscriber. */
abstract class StageActor<T, R> extends LookingActor<R> {
  final Inlet<T> inlet;

  private final Publisher<? extends T> upstream;
  private final int ahead;
  private final int refill;

  /** Elements polled that the upstream was not asked to replace. */
  private int usedUp;

  private boolean asked;

  StageActor(
      Publisher<? extends T> upstream,
      DemandOptions<T> options,
      Discard<T> discard,
      ActorSubscription<R> subscription) {
    super(subscription, new Waker());
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
    if (!asked && isWanted() && inlet.isSubscribed()) {
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

  /** Ends the stream as the upstream has ended. */
  final void end() {
    Throwable failure = inlet.failure();
    if (failure == null) {
      subscription.complete();
    } else {
      subscription.fail(failure);
    }
  }

  @Override
  final void leave() {
    try {
      inlet.close();
    } finally {
      onClosed();
    }
  }
}
