package dev.ringlet.reactive;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Passes everything on; how it does so with elements says a subclass. */
abstract class Forwarding<T, R> implements Subscriber<T> {
  final Subscriber<? super R> target;

  Forwarding(Subscriber<? super R> target) {
    this.target = target;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    target.onSubscribe(subscription);
  }

  @Override
  public void onError(Throwable failure) {
    target.onError(failure);
  }

  @Override
  public void onComplete() {
    target.onComplete();
  }
}
