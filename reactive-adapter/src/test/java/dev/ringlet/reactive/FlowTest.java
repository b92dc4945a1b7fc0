package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.FlowAdapters;

/** Java's own publishers and subscribers, both ways. */
final class FlowTest extends SystemTest {
  @Test
  void publisherOfTheJdkReachesAnActorAndAnActorReachesASubscriberOfTheJdk() {
    Reader<Long> reader = new Reader<>();
    ActorRef<Reader.Arrived<Long>> actor = system.spawnForTest(() -> reader);
    Flow.Publisher<Long> source =
        FlowAdapters.toFlowPublisher(
            Publishers.of(
                system.executor(), sink -> new Counting(sink, 1_000), ActorOptions.defaults()));
    Flow.Subscriber<Long> sink =
        FlowAdapters.toFlowSubscriber(
            Subscribers.toActor(
                system.executor(),
                actor,
                Reader.Arrived<Long>::new,
                DemandOptions.<Long>batch(16)));
    source.subscribe(sink);
    reader.awaitCompletion();
    assertEquals(LongStream.range(0, 1_000).boxed().toList(), reader.elements);
  }

  @Test
  void submissionPublisherIsHeldUpByAnActor() {
    Reader<Long> reader = new Reader<>();
    ActorRef<Reader.Arrived<Long>> actor = system.spawnForTest(() -> reader);
    try (SubmissionPublisher<Long> source = new SubmissionPublisher<>(Runnable::run, 4)) {
      source.subscribe(
          FlowAdapters.toFlowSubscriber(
              Subscribers.toActor(
                  system.executor(),
                  actor,
                  Reader.Arrived<Long>::new,
                  DemandOptions.<Long>acknowledged(1))));
      LongStream.range(0, 100).forEach(source::submit);
    }
    reader.awaitCompletion();
    assertEquals(LongStream.range(0, 100).boxed().toList(), reader.elements);
  }
}
