package dev.ringlet.reactive;

import dev.ringlet.io.IoBuffer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * Passes everything on as it is, but gives the buffers back: a subscriber of the TCK would not. The
 * elements become their numbers in the stream.
 */
final class Releasing extends Forwarding<IoBuffer, Long> {
  private long number;

  private Releasing(Subscriber<? super Long> target) {
    super(target);
  }

  static Publisher<Long> numbers(Publisher<IoBuffer> buffers) {
    return subscriber -> buffers.subscribe(subscriber == null ? null : new Releasing(subscriber));
  }

  /** What is in a buffer, which is released. */
  static byte[] readAll(IoBuffer buffer) {
    byte[] bytes = buffer.readAll();
    buffer.release();
    return bytes;
  }

  /** The number of a {@link Peer}'s chunk in a buffer, which is released. */
  static long readNumber(IoBuffer buffer) {
    long number = buffer.readable().getLong();
    buffer.release();
    return number;
  }

  @Override
  public void onNext(IoBuffer buffer) {
    buffer.release();
    target.onNext(number++);
  }
}
