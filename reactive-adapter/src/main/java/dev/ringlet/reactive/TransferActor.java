package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import org.reactivestreams.Publisher;

/** Passes the signals of an upstream on to a subscriber, from the actor's executor. */
final class TransferActor<T> extends SubscriberActor<T> {
  private final Publisher<? extends T> upstream;
  private final int ahead;
  private final int refill;
  private final Waker waker = new Waker();
  private final Discard<T> discard;
  private final Inlet<T> inlet;

  /** How many elements the subscriber waits for. */
  private long demand;

  /** Elements polled that the upstream was not asked to replace. */
  private int usedUp;

  private boolean asked;
  private boolean over;

  TransferActor(
      Publisher<? extends T> upstream,
      DemandOptions<T> options,
      ActorSubscription<T> subscription) {
    super(subscription, false);
    this.upstream = upstream;
    this.ahead = options.ahead();
    this.refill = options.refill();
    this.discard = options.discard();
    this.inlet = new Inlet<>(ahead, discard, waker);
  }

  @Override
  void onStart(ActorContext<Object> context) {
    waker.start(context.self());
    try {
      upstream.subscribe(inlet);
    } catch (RuntimeException thrown) {
      subscription.fail(thrown);
      return;
    }
    transfer(context);
  }

  @Override
  void onRequest(long count, ActorContext<Object> context) {
    demand = Demand.saturatedSum(demand, count);
    transfer(context);
  }

  @Override
  void onMessage(Object message, ActorContext<Object> context) {
    if (over) {
      stopAfterLastLetter(context);
    } else {
      waker.heard();
      transfer(context);
    }
  }

  private void transfer(ActorContext<Object> context) {
    if (subscription.isClosed()) {
      // The message that ends it is on its way.
      return;
    }
    try {
      askFirst();
      passOn(context);
    } catch (RuntimeException thrownByUpstream) {
      inlet.close();
      subscription.fail(thrownByUpstream);
    }
  }

  /** Nothing is asked for before the subscriber wants something. */
  private void askFirst() {
    if (!asked && demand > 0 && inlet.isSubscribed()) {
      asked = true;
      inlet.request(ahead);
    }
  }

  private void passOn(ActorContext<Object> context) {
    while (demand > 0) {
      if (context.needPreempt()) {
        waker.wake();
        return;
      }
      T element = inlet.poll();
      if (element == null) {
        break;
      }
      if (!subscription.next(element)) {
        discard.accept(element);
        return;
      }
      if (demand != Long.MAX_VALUE) {
        demand--;
      }
      if (++usedUp == refill) {
        usedUp = 0;
        inlet.request(refill);
      }
    }
    if (inlet.checkDone()) {
      end();
    }
  }

  private void end() {
    Throwable failure = inlet.failure();
    if (failure == null) {
      subscription.complete();
    } else {
      subscription.fail(failure);
    }
  }

  @Override
  void onOver() {
    over = true;
    inlet.close();
    if (waker.close()) {
      subscription.expectLetter();
    }
  }

  @Override
  void onCancel(ActorContext<Object> context) {
    // The upstream has heard of it.
  }

  @Override
  public void postStop(ActorContext<Object> context) throws Exception {
    if (!over) {
      onOver();
    }
    super.postStop(context);
  }
}
