package dev.ringlet.reactive;

import dev.ringlet.actor.RingletException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/**
 * A publisher that a thread of its own pushes into against the TCK.
 *
 * <p>Skipped are the tests of rule 1.11 for several subscribers, because a push source has one, and
 * the TCK's own {@code untested_} ones.
 */
abstract class PushTck extends PublisherVerification<Long> {
  private static final String ONE_ONLY =
      "a push source has one subscriber; a second one gets onError";

  /** How long a producer waits that was rejected. */
  private static final long PAUSE_NANOS = 50_000;

  private final String driver;
  private final Deque<PushPublisher<Long>> sources = new ArrayDeque<>();
  private TestSystem system;

  PushTck(String driver) {
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

  /** Also proves that each test's actors have stopped. */
  @AfterMethod
  public void closeSources() {
    while (!sources.isEmpty()) {
      sources.remove().close();
    }
    system.awaitQuiescence();
  }

  @Override
  public Publisher<Long> createPublisher(long elements) {
    PushPublisher<Long> source = source();
    Thread producer = new Thread(() -> produce(source, elements), "producer");
    producer.setDaemon(true);
    producer.start();
    return source;
  }

  private static void produce(PushPublisher<Long> source, long elements) {
    for (long next = 0; next < elements; next++) {
      while (!source.offer(next)) {
        if (source.isClosed()) {
          return;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    source.complete();
  }

  @Override
  public Publisher<Long> createFailedPublisher() {
    PushPublisher<Long> source = source();
    source.fail(new RuntimeException("made by the test"));
    return source;
  }

  private PushPublisher<Long> source() {
    PushPublisher<Long> source = Publishers.push(system.executor(), PushOptions.<Long>bounded(16));
    sources.add(source);
    return source;
  }

  @Override
  @Test
  public void optional_spec111_maySupportMultiSubscribe() {
    notVerified(ONE_ONLY);
  }

  @Override
  @Test
  public void optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals() {
    notVerified(ONE_ONLY);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne() {
    notVerified(ONE_ONLY);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront() {
    notVerified(ONE_ONLY);
  }

  @Override
  @Test
  public void
      optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected() {
    notVerified(ONE_ONLY);
  }
}
