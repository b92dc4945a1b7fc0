package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/**
 * A publisher over what arrives on a socket against the TCK. The peer sends as many chunks as the
 * test wants elements and ends its output, or sends without end.
 *
 * <p>Skipped are the tests of rule 1.11 for several subscribers, because an I/O stream has one at a
 * time, and the TCK's own {@code untested_} ones.
 */
abstract class StreamPublisherTck extends PublisherVerification<Long> {
  private static final String ONE_AT_A_TIME =
      "an I/O stream has one subscription at a time; a second subscriber gets onError";

  private final String driver;
  private final Deque<Peer> peers = new ArrayDeque<>();
  private TestSystem system;

  StreamPublisherTck(String driver) {
    super(new TestEnvironment(2_000, 200));
    this.driver = driver;
  }

  @BeforeClass
  public void open() {
    try {
      system = TestSystem.open(driver);
    } catch (RingletException unavailable) {
      throw new SkipException(unavailable.getMessage(), unavailable);
    }
  }

  @AfterClass
  public void close() {
    if (system != null) {
      system.close();
    }
  }

  /** Also proves that each test's actors have stopped and all buffers are back. */
  @AfterMethod
  public void closePeers() throws IOException {
    while (!peers.isEmpty()) {
      peers.remove().close();
    }
    system.awaitQuiescence();
  }

  @Override
  public Publisher<Long> createPublisher(long elements) {
    return Releasing.numbers(
        Publishers.from(received(elements == Integer.MAX_VALUE ? Peer.ENDLESS : elements)));
  }

  /** A stream that somebody has subscribed to already. */
  @Override
  public Publisher<Long> createFailedPublisher() {
    IoStream<IoBuffer> busy = received(1);
    Publishers.from(busy).subscribe(new IdleSubscriber<>());
    return Releasing.numbers(Publishers.from(busy));
  }

  private IoStream<IoBuffer> received(long chunks) {
    Peer peer = Peer.sending(system.io(), chunks);
    peers.add(peer);
    return peer.stream().receive();
  }

  @Override
  @Test
  public void optional_spec111_maySupportMultiSubscribe() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront() {
    notVerified(ONE_AT_A_TIME);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected() {
    notVerified(ONE_AT_A_TIME);
  }
}
