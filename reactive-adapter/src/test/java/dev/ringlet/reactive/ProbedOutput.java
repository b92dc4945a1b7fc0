package dev.ringlet.reactive;

import java.nio.ByteBuffer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;

/**
 * Tells a probe of the TCK what the subscriber of an output does. What the probe asks for is asked
 * for by the output anyway.
 */
record ProbedOutput(OutputSubscriber<Integer> output, WhiteboxSubscriberProbe<Integer> probe)
    implements Subscriber<Integer> {
  ProbedOutput {
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
  }

  /** Has the probe told of each element. */
  static WriteOptions<Integer> options(WhiteboxSubscriberProbe<Integer> probe) {
    return WriteOptions.encoded(
        element -> Integer.BYTES,
        (element, buffer) -> {
          buffer.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, element));
          probe.registerOnNext(element);
        });
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    output.onSubscribe(subscription);
    probe.registerOnSubscribe(
        new SubscriberPuppet() {
          @Override
          public void triggerRequest(long elements) {
            // The output asks by itself.
          }

          @Override
          public void signalCancel() {
            output.cancel();
          }
        });
  }

  @Override
  public void onNext(Integer element) {
    output.onNext(element);
  }

  @Override
  public void onError(Throwable failure) {
    output.onError(failure);
  }

  @Override
  public void onComplete() {
    output.onComplete();
  }
}
