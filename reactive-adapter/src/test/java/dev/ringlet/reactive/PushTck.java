package dev.ringlet.reactive;

import java.util.concurrent.locks.LockSupport;
import org.reactivestreams.Publisher;

/** A publisher that a thread of its own pushes into. */
abstract class PushTck extends SingleSubscriberTck<Long> {
  /** How long a producer waits that was rejected. */
  private static final long PAUSE_NANOS = 50_000;

  PushTck(String driver) {
    super(driver);
  }

  @Override
  Publisher<Long> publisher(TestSystem on, long elements) {
    PushPublisher<Long> source = source(on);
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
    PushPublisher<Long> source = source(driver().system());
    source.fail(new RuntimeException("made by the test"));
    return source;
  }

  private static PushPublisher<Long> source(TestSystem on) {
    PushPublisher<Long> source = Publishers.push(on.executor(), PushOptions.<Long>bounded(16));
    on.atEndOfTest(source::close);
    return source;
  }
}
