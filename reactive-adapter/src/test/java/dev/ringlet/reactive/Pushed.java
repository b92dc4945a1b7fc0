package dev.ringlet.reactive;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Push publishers of the numbers from 0; a thread of each one's own offers them. */
final class Pushed {
  /** How long a producer waits that was rejected. */
  private static final long PAUSE_NANOS = 50_000;

  private Pushed() {}

  /**
   * Makes a publisher, which is closed at the end of the test.
   *
   * @param capacity how many elements wait
   * @param count how many it has; it completes behind them
   */
  static PushPublisher<Long> numbers(TestSystem on, int capacity, long count) {
    PushPublisher<Long> source = empty(on, PushOptions.bounded(capacity));
    offer(source, count, number -> {}, source::complete);
    return source;
  }

  /** One that nobody offers anything yet, also closed at the end of the test. */
  static PushPublisher<Long> empty(TestSystem on, PushOptions<Long> options) {
    PushPublisher<Long> source = Publishers.push(on.executor(), options);
    on.atEndOfTest(source::close);
    return source;
  }

  /**
   * Offers the numbers from 0, each until it is accepted, unless the source is closed before.
   *
   * @param accepted is told of each number that was
   * @param end what is done behind the last
   */
  static void offer(PushPublisher<Long> source, long count, LongConsumer accepted, Runnable end) {
    Thread producer = new Thread(() -> produce(source, count, accepted, end), "producer");
    producer.setDaemon(true);
    producer.start();
  }

  private static void produce(
      PushPublisher<Long> source, long count, LongConsumer accepted, Runnable end) {
    for (long next = 0; next < count; next++) {
      while (!source.offer(next)) {
        if (source.isClosed()) {
          return;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      accepted.accept(next);
    }
    end.run();
  }
}
