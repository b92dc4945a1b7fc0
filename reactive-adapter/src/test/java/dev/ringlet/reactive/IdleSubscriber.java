package dev.ringlet.reactive;

import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Subscribes and asks for nothing. */
final class IdleSubscriber<T> implements Subscriber<T> {
  @Override
  public void onSubscribe(Subscription subscription) {
    // It holds its place, no more.
  }

  @Override
  public void onNext(T element) {
    throw new AssertionError("nothing was asked for, but " + element + " came");
  }

  @Override
  public void onError(Throwable failure) {
    // The test ends the stream as it likes.
  }

  @Override
  public void onComplete() {
    // The test ends the stream as it likes.
  }
}
