package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  /** Both ends are the JDK's: a bounded publisher that blocks who submits, and a subscriber. */
  @ParameterizedTest
  @EnumSource
  void stageIsBetweenAPublisherAndASubscriberOfTheJdk(ProcessorKind kind) {
    FlowReader reader = new FlowReader(Long.MAX_VALUE);
    try (SubmissionPublisher<Long> source =
        new SubmissionPublisher<>(ForkJoinPool.commonPool(), 4)) {
      between(kind, source).subscribe(reader);
      awaitSubscriber(source);
      LongStream.range(0, 1_000).forEach(source::submit);
    }
    TestSystem.get(reader.ended);
    assertEquals(LongStream.range(0, 1_000).boxed().toList(), reader.elements);
  }

  @ParameterizedTest
  @EnumSource
  void failureComesToASubscriberOfTheJdk(ProcessorKind kind) {
    RuntimeException failure = new RuntimeException("made by the test");
    FlowReader reader = new FlowReader(Long.MAX_VALUE);
    try (SubmissionPublisher<Long> source = new SubmissionPublisher<>()) {
      between(kind, source).subscribe(reader);
      awaitSubscriber(source);
      source.submit(0L);
      TestSystem.awaitUntil(() -> !reader.elements.isEmpty());
      source.closeExceptionally(failure);
    }
    assertSame(failure, TestSystem.get(reader.ended.handle((none, thrown) -> thrown)));
    assertEquals(List.of(0L), reader.elements);
  }

  @ParameterizedTest
  @EnumSource
  void cancelOfASubscriberOfTheJdkComesToAPublisherOfTheJdk(ProcessorKind kind) {
    FlowReader reader = new FlowReader(3);
    try (SubmissionPublisher<Long> source = new SubmissionPublisher<>()) {
      between(kind, source).subscribe(reader);
      awaitSubscriber(source);
      LongStream.range(0, 100).forEach(source::submit);
      TestSystem.awaitUntil(() -> reader.elements.size() == 3);
      TestSystem.awaitUntil(() -> !source.hasSubscribers());
    }
    system.endTest();
    assertEquals(List.of(0L, 1L, 2L), reader.elements);
    assertFalse(reader.ended.isDone());
  }

  private static Flow.Publisher<Long> between(ProcessorKind kind, Flow.Publisher<Long> source) {
    return FlowAdapters.toFlowPublisher(kind.of(system, FlowAdapters.toPublisher(source)));
  }

  /** A stage subscribes from its executor, and what is submitted before is lost. */
  private static void awaitSubscriber(SubmissionPublisher<?> source) {
    TestSystem.awaitUntil(source::hasSubscribers);
  }

  /** A processor of the JDK, and its {@code consume} behind it. */
  @ParameterizedTest
  @EnumSource(names = {"GENERATE", "PUSH", "ON_EXECUTOR", "MULTICAST"})
  void publisherFeedsAProcessorOfTheJdk(PublisherKind kind) {
    List<String> consumed = new CopyOnWriteArrayList<>();
    try (Texts texts = new Texts()) {
      CompletableFuture<Void> done = texts.consume(consumed::add);
      FlowAdapters.toFlowPublisher(kind.numbers(system, 1_000)).subscribe(texts);
      TestSystem.get(done);
    }
    assertEquals(LongStream.range(0, 1_000).mapToObj(Long::toString).toList(), consumed);
  }

  /** As the Javadoc of {@link SubmissionPublisher} has it. */
  private static final class Texts extends SubmissionPublisher<String>
      implements Flow.Processor<Object, String> {
    private Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(Object element) {
      submit(element.toString());
      subscription.request(1);
    }

    @Override
    public void onError(Throwable failure) {
      closeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      close();
    }
  }

  /** Asks for two at a time, and cancels behind so many. */
  private static final class FlowReader implements Flow.Subscriber<Long> {
    private final List<Long> elements = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final long cancelAt;
    private Flow.Subscription subscription;

    FlowReader(long cancelAt) {
      this.cancelAt = cancelAt;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(2);
    }

    @Override
    public void onNext(Long element) {
      elements.add(element);
      if (elements.size() == cancelAt) {
        subscription.cancel();
      } else if (elements.size() % 2 == 0) {
        subscription.request(2);
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      ended.complete(null);
    }
  }
}
