package dev.ringlet.reactive;

import dev.ringlet.actor.ActorContext;
import org.reactivestreams.Publisher;

/** Passes the signals of an upstream on to a subscriber, from the actor's executor. */
final class TransferActor<T> extends StageActor<T, T> {
  /** How many elements are passed on from one look at the time to the next. */
  private static final int STRIDE = 4;

  TransferActor(
      Publisher<? extends T> upstream,
      DemandOptions<T> options,
      ActorSubscription<T> subscription) {
    super(upstream, options, options.discard(), subscription);
  }

  @Override
  void advance(ActorContext<Object> context) {
    for (int passed = 1; isWanted(); passed++) {
      if (passed % STRIDE == 0 && context.needPreempt()) {
        waker.wake();
        return;
      }
      T element = take();
      if (element == null) {
        break;
      }
      if (!pass(element)) {
        inlet.giveBack(element);
        return;
      }
    }
    if (inlet.checkDone()) {
      end();
    }
  }

  @Override
  void onClosed() {
    // It keeps nothing.
  }
}
