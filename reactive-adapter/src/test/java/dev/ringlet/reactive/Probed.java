package dev.ringlet.reactive;

import java.nio.ByteBuffer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;

/**
 * Tells a probe of the TCK of the subscription of a subscriber. What the probe asks for is asked
 * for by the subscriber anyway.
 */
final class Probed<T> extends Forwarding<T, T> {
  private final Runnable cancel;
  private final WhiteboxSubscriberProbe<T> probe;

  Probed(Subscriber<T> subscriber, Runnable cancel, WhiteboxSubscriberProbe<T> probe) {
    super(subscriber);
    this.cancel = cancel;
    this.probe = probe;
  }

  /** Also has the probe told of the end, which is that of the output's result. */
  static Subscriber<Integer> output(
      TestSystem on, OutputSubscriber<Integer> output, WhiteboxSubscriberProbe<Integer> probe) {
    on.atEndOfTest(output::cancel);
    var unused =
        output
            .result()
            .whenComplete(
                (bytes, failure) -> {
                  if (failure == null) {
                    probe.registerOnComplete();
                  } else {
                    probe.registerOnError(failure);
                  }
                });
    return new Probed<>(output, output::cancel, probe);
  }

  /** Has the probe told of each element. */
  static WriteOptions<Integer> encoded(WhiteboxSubscriberProbe<Integer> probe) {
    return WriteOptions.encoded(
        element -> Integer.BYTES,
        (element, buffer) -> {
          buffer.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, element));
          probe.registerOnNext(element);
        });
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    super.onSubscribe(subscription);
    probe.registerOnSubscribe(
        new SubscriberPuppet() {
          @Override
          public void triggerRequest(long elements) {
            // The subscriber asks by itself.
          }

          @Override
          public void signalCancel() {
            cancel.run();
          }
        });
  }

  @Override
  public void onNext(T element) {
    target.onNext(element);
  }
}
