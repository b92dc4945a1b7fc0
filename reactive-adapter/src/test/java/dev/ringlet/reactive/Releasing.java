package dev.ringlet.reactive;

import dev.ringlet.io.IoBuffer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Passes everything on as it is, but gives the buffers back: a subscriber of the TCK would not. The
 * elements become their numbers in the stream.
 */
final class Releasing implements Subscriber<IoBuffer> {
  private final Subscriber<? super Long> target;
  private long number;

  private Releasing(Subscriber<? super Long> target) {
    this.target = target;
  }

  static Publisher<Long> numbers(Publisher<IoBuffer> buffers) {
    return subscriber -> buffers.subscribe(subscriber == null ? null : new Releasing(subscriber));
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    target.onSubscribe(subscription);
  }

  @Override
  public void onNext(IoBuffer buffer) {
    buffer.release();
    target.onNext(number++);
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
