package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringlet.actor.ActorOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

/**
 * From our publisher through operators of another library, our processors and the library again to
 * our subscriber.
 */
abstract class RoundTripContract extends SystemTest {
  private static final long LENGTH = 100_000;

  /** Operators of the library that change threads, and publish what they get. */
  abstract Publisher<Long> operate(Publisher<Long> upstream);

  @Test
  void allElementsComeInOrder() {
    Reader<Long> reader = new Reader<>();
    roundTrip(new Numbers(LENGTH, null), reader);
    reader.awaitCompletion();
    assertEquals(numbers(LENGTH), reader.elements);
  }

  /** It may overtake elements where the library has it so. */
  @Test
  void failureOfThePublisherComesThrough() {
    RuntimeException failure = new RuntimeException("made by the test");
    Reader<Long> reader = new Reader<>();
    roundTrip(new Numbers(1_000, failure), reader);
    assertSame(failure, reader.awaitFailure());
    assertEquals(numbers(reader.elements.size()), reader.elements);
  }

  /** Through all that lies between; {@link #endTest} sees that the publisher's actor has ended. */
  @Test
  void cancelOfTheSubscriberReachesThePublisher() {
    Reader<Long> reader = new Reader<>();
    ActorSubscriber<Long> subscriber = roundTrip(new Numbers(Long.MAX_VALUE, null), reader);
    reader.awaitElements(1_000);
    subscriber.cancel();
    system.endTest();
    List<Long> taken = new ArrayList<>(reader.elements);
    assertEquals(numbers(taken.size()), taken);
    assertFalse(reader.hasEnded());
  }

  private ActorSubscriber<Long> roundTrip(Numbers numbers, Reader<Long> reader) {
    Publisher<Long> source =
        Publishers.of(
            system.executor(),
            sink -> new Counting(sink, numbers.count(), numbers.failure()),
            ActorOptions.defaults());
    Publisher<Long> moved = ProcessorKind.ON_EXECUTOR.of(system, operate(source));
    Publisher<Long> asked = ProcessorKind.ASK_EACH.of(system, operate(moved));
    ActorSubscriber<Long> subscriber =
        Subscribers.toActor(
            system.executor(),
            system.spawnForTest(() -> reader),
            Reader.Arrived<Long>::new,
            DemandOptions.<Long>batch(128));
    operate(asked).subscribe(subscriber);
    return subscriber;
  }

  private static List<Long> numbers(long count) {
    return LongStream.range(0, count).boxed().toList();
  }

  private record Numbers(long count, Throwable failure) {}
}
