package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** What a source actor and its subscriber see of each other. */
final class SourcePublisherTest extends SystemTest {
  @Test
  void producesOnDemandUntilTheEnd() {
    StepVerifier.create(counting(5), 0)
        .thenRequest(2)
        .expectNext(0L, 1L)
        .thenRequest(2)
        .expectNext(2L, 3L)
        .thenRequest(1)
        .expectNext(4L)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void takesNoMoreThanWasRequestedOfALongStream() {
    StepVerifier.create(Flux.from(counting(Long.MAX_VALUE)).limitRate(7).take(1_000))
        .expectNextCount(1_000)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void eachSubscriberHasAnActorOfItsOwn() {
    Publisher<Long> named =
        Publishers.of(
            system.executor(), sink -> new Counting(sink, 3), ActorOptions.named("twice"));
    StepVerifier.create(Flux.merge(named, named).collectSortedList())
        .expectNext(List.of(0L, 0L, 1L, 1L, 2L, 2L))
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  /** Four threads ask for one element at a time, while the source is already producing. */
  @Test
  void requestsOfManyThreadsAddUp() {
    int each = 5_000;
    Probe<Long> probe = new Probe<>();
    counting(Long.MAX_VALUE).subscribe(probe);
    var subscription = probe.awaitSubscription();
    var askers =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> IntStream.range(0, each).forEach(i -> subscription.request(1))))
            .toArray(CompletableFuture[]::new);
    TestSystem.get(CompletableFuture.allOf(askers));

    probe.awaitElements(4 * each);
    subscription.cancel();
    assertEquals(LongStream.range(0, 4L * each).boxed().toList(), probe.elements);
  }

  /** The source tells a test its address, so that the test can be its event source. */
  @Test
  void messagesOfTheActorsOwnReachItBetweenRequests() {
    CompletableFuture<ActorRef<Feed.Message>> address = new CompletableFuture<>();
    StepVerifier.create(feed(address, new CompletableFuture<>()), 0)
        .thenRequest(2)
        .then(() -> TestSystem.get(address).tell(new Feed.Advanced(3)))
        .expectNext(0L, 1L)
        .thenRequest(5)
        .expectNext(2L)
        .then(() -> TestSystem.get(address).tell(new Feed.Advanced(4)))
        .expectNext(3L)
        .thenCancel()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void cancelReachesTheActorAsAMessageBeforeItStops() {
    CompletableFuture<ActorRef<Feed.Message>> address = new CompletableFuture<>();
    CompletableFuture<String> lastWords = new CompletableFuture<>();
    Probe<Long> probe = new Probe<>();
    feed(address, lastWords).subscribe(probe);
    assertNotNull(TestSystem.get(address));
    probe.awaitSubscription().request(1);
    probe.awaitSubscription().cancel();
    assertEquals("cancelled, demand 0, next false", TestSystem.get(lastWords));
  }

  @Test
  void actorThatIsCancelledWhileItSignalsHearsItAtOnce() {
    CompletableFuture<Boolean> second = new CompletableFuture<>();
    Publisher<Integer> source =
        source(
            sink ->
                (signal, context) -> {
                  if (sink.next(1)) {
                    second.complete(sink.next(2));
                  }
                });
    Probe<Integer> probe = Probe.acting((element, subscription) -> subscription.cancel());
    source.subscribe(probe);
    probe.awaitSubscription().request(Long.MAX_VALUE);
    assertFalse(TestSystem.get(second));
    assertEquals(List.of(1), probe.elements);
  }

  @Test
  void terminalSignalEndsTheDemand() {
    StepVerifier.create(
            SourcePublisherTest.<Integer>source(
                sink ->
                    (signal, context) -> {
                      sink.fail(new Boom());
                      sink.complete();
                      sink.fail(new AssertionError("the first one counts"));
                      assertEquals(0, sink.demand());
                      assertFalse(sink.next(1));
                    }))
        .expectError(Boom.class)
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void elementBeyondTheDemandIsTheActorsMistake() {
    StepVerifier.create(
            SourcePublisherTest.<Integer>source(
                sink ->
                    (signal, context) -> {
                      sink.next(1);
                      sink.next(2);
                    }),
            1)
        .expectNext(1)
        .expectErrorSatisfies(failure -> Expect.mistake(failure, "sink.demand()"))
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void nullElementIsTheActorsMistake() {
    StepVerifier.create(
            SourcePublisherTest.<Integer>source(sink -> (signal, context) -> sink.next(null)))
        .expectError(NullPointerException.class)
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void sinkIsForItsActorOnly() {
    AtomicReference<Sink<Long>> leaked = new AtomicReference<>();
    Publisher<Long> source =
        source(
            sink -> {
              leaked.set(sink);
              return new Counting(sink, Long.MAX_VALUE);
            });
    Probe<Long> probe = new Probe<>();
    source.subscribe(probe);
    probe.awaitSubscription().request(1);
    probe.awaitElements(1);
    Sink<Long> sink = leaked.get();
    var failure = assertThrows(IllegalStateException.class, () -> sink.next(1L));
    assertTrue(failure.getMessage().contains("context.pipe"), failure.getMessage());
    assertThrows(IllegalStateException.class, sink::complete);
    assertThrows(IllegalStateException.class, sink::demand);
    assertThrows(IllegalStateException.class, () -> sink.fail(new Boom()));
    probe.awaitSubscription().cancel();
  }

  /**
   * Streams that end or are cancelled in every way, at full speed, lose no message to the actor.
   */
  @Test
  void endedStreamsLeaveNoDeadLetters() {
    expectNoDeadLetters(
        () -> {
          StepVerifier.create(counting(3)).expectNextCount(3).expectComplete().verify();
          StepVerifier.create(Flux.from(counting(100)).take(2)).expectNextCount(2).verifyComplete();
          StepVerifier.create(Flux.from(counting(100)).limitRate(2).take(50))
              .expectNextCount(50)
              .verifyComplete();
        });
  }

  @Test
  void spec109_closedSystemSignalsError() {
    Publisher<Long> publisher;
    try (TestSystem closed = TestSystem.open(ExecutorPool.AUTO)) {
      publisher =
          Publishers.of(closed.executor(), sink -> new Counting(sink, 1), ActorOptions.defaults());
    }
    StepVerifier.create(publisher)
        .expectSubscription()
        .expectError(IllegalStateException.class)
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void systemClosedWhileSubscribedSignalsError() {
    Probe<Long> probe = new Probe<>();
    try (TestSystem closing = TestSystem.open(ExecutorPool.AUTO)) {
      Publishers.<Long>of(
              closing.executor(),
              sink -> new Counting(sink, Long.MAX_VALUE),
              ActorOptions.defaults())
          .subscribe(probe);
      probe.awaitSubscription().request(1);
      probe.awaitElements(1);
    }
    assertTrue(probe.hasEnded());
    assertTrue(probe.awaitFailure().getMessage().contains("closed"), probe.toString());
    probe.awaitSubscription().request(1);
    probe.awaitSubscription().cancel();
  }

  @Test
  void subscribersThatRaceWithTheCloseAllHearOfIt() {
    Expect.<Long>allToHearOfTheClose(
        closing ->
            Publishers.of(
                closing.executor(),
                sink -> new Counting(sink, Long.MAX_VALUE),
                ActorOptions.defaults()));
  }

  private static Publisher<Long> counting(long count) {
    return source(sink -> new Counting(sink, count));
  }

  private static Publisher<Long> feed(
      CompletableFuture<ActorRef<Feed.Message>> address, CompletableFuture<String> lastWords) {
    return Publishers.of(
        system.executor(),
        sink -> new Feed(sink, address, lastWords),
        Feed.Requested::new,
        Feed.Cancelled::new,
        ActorOptions.defaults());
  }

  private static <T> Publisher<T> source(
      Function<? super Sink<T>, ? extends Actor<SourceSignal>> source) {
    return Publishers.of(system.executor(), source, ActorOptions.defaults());
  }

  private static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Publishes the positions up to the one it was told of last. */
  private static final class Feed implements Actor<Feed.Message> {
    sealed interface Message {}

    record Requested(long count) implements Message {}

    record Cancelled() implements Message {}

    record Advanced(long position) implements Message {}

    private final Sink<Long> sink;
    private final CompletableFuture<ActorRef<Message>> address;
    private final CompletableFuture<String> lastWords;
    private long next;
    private long end;

    Feed(
        Sink<Long> sink,
        CompletableFuture<ActorRef<Message>> address,
        CompletableFuture<String> lastWords) {
      this.sink = sink;
      this.address = address;
      this.lastWords = lastWords;
    }

    @Override
    public void preStart(ActorContext<Message> context) {
      address.complete(context.self());
    }

    @Override
    public void receive(Message message, ActorContext<Message> context) {
      if (message instanceof Advanced advanced) {
        end = advanced.position();
      } else if (message instanceof Cancelled) {
        lastWords.complete("cancelled, demand " + sink.demand() + ", next " + sink.next(0L));
      }
      while (next < end && sink.demand() > 0) {
        sink.next(next++);
      }
    }
  }
}
