package dev.ringlet.reactive;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoStream;
import org.reactivestreams.Publisher;

/**
 * A publisher over what arrives on a socket against the TCK. The peer sends as many chunks as the
 * test wants elements and ends its output, or sends without end.
 *
 * <p>Of all I/O streams only this one: what is between a stream and its subscriber is the same
 * {@link StreamActor} for each of them, and it is a stream that pauses and ends as its test wants.
 * {@link StreamIoContract} has the others.
 */
abstract class StreamPublisherTck extends SingleSubscriberTck<Long> {
  StreamPublisherTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    return Releasing.numbers(
        Publishers.from(received(on, elements == Integer.MAX_VALUE ? Peer.ENDLESS : elements)));
  }

  /** A stream that somebody has subscribed to already. */
  @Override
  public Publisher<Long> createFailedPublisher() {
    IoStream<IoBuffer> busy = received(driver().system(), 1);
    Publishers.from(busy).subscribe(new IdleSubscriber<>());
    return Releasing.numbers(Publishers.from(busy));
  }

  private static IoStream<IoBuffer> received(TestSystem on, long chunks) {
    Peer peer = Peer.sending(on.io(), chunks);
    on.atEndOfTest(peer);
    return peer.stream().receive();
  }
}
