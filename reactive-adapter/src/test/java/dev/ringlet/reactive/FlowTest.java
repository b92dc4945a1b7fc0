package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ExecutorPool;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.FlowAdapters;

/** Java's own publishers and subscribers, both ways. */
final class FlowTest {
  private static TestSystem system;

  @BeforeAll
  static void open() {
    system = TestSystem.open(ExecutorPool.AUTO);
  }

  @AfterAll
  static void close() {
    system.close();
  }

  @Test
  void publisherOfTheJdkReachesAnActorAndAnActorReachesASubscriberOfTheJdk() {
    Reader<Long> reader = new Reader<>();
    ActorRef<Reader.Arrived<Long>> actor =
        system.executor().spawn(() -> reader, ActorOptions.defaults());
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
    system.system().stop(actor);
    system.awaitQuiescence();
  }

  @Test
  void submissionPublisherIsHeldUpByAnActor() {
    Reader<Long> reader = new Reader<>();
    ActorRef<Reader.Arrived<Long>> actor =
        system.executor().spawn(() -> reader, ActorOptions.defaults());
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
    system.system().stop(actor);
    system.awaitQuiescence();
  }
}
