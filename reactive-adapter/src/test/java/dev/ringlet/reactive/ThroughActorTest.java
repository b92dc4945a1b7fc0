package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What upstream, actor and subscriber see of each other. */
final class ThroughActorTest extends StageTest {
  @Override
  Publisher<Integer> stage(
      TestSystem on, Publisher<Integer> source, int ahead, Consumer<Integer> discard) {
    return Processors.<Integer, Integer>throughActor(
        source,
        on.executor(),
        sink ->
            new Passing<>(sink) {
              @Override
              void dropped(Integer value) {
                discard.accept(value);
              }
            },
        batch(ahead).withDiscard(discard));
  }

  /** As the example in the documentation. */
  @Test
  void eachElementIsAnsweredWithNoneOneOrMany() {
    StepVerifier.create(
            Processors.throughActor(
                Flux.just("one two three", "four", "five six"),
                system.executor(),
                Words::new,
                DemandOptions.batch(2)),
            0)
        .thenRequest(2)
        .expectNext("one", "two")
        .thenRequest(3)
        .expectNext("three", "four", "five")
        .thenRequest(1)
        .expectNext("six")
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void elementsOfAnotherThreadComeInOrder() {
    for (DemandOptions<Integer> options :
        List.of(DemandOptions.<Integer>batch(64), DemandOptions.<Integer>acknowledged(3))) {
      Flux<Integer> source = Flux.range(0, 50_000).publishOn(Schedulers.single());
      Expect.numbers(50_000, Flux.from(passing(source, options)).limitRate(7));
    }
  }

  @Test
  void nothingIsAskedForBeforeTheSubscriberWantsSomething() {
    passing(upstream, batch(4)).subscribe(probe);
    probe.awaitSubscription();
    awaitTurn();
    assertTrue(upstream.requests.isEmpty());
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(4);
    probe.awaitSubscription().cancel();
    upstream.awaitCancel();
  }

  @Test
  void elementsThatAreNotTakenHoldTheUpstreamUp() {
    passing(upstream, batch(4).withLowWater(2)).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(4);
    upstream.send(0, 1, 2, 3);
    probe.awaitElements(1);
    awaitTurn();
    assertEquals(List.of(4L), upstream.requests);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(6);
    assertEquals(List.of(4L, 2L), upstream.requests);
    assertEquals(List.of(0, 1), probe.elements);
    probe.awaitSubscription().cancel();
    upstream.awaitCancel();
    TestSystem.awaitUntil(() -> givenBack.equals(List.of(2, 3)));
  }

  @Test
  void eachAcknowledgementAsksForOneMore() {
    List<StreamSignal.Element<Integer>> held = new CopyOnWriteArrayList<>();
    through(
            sink ->
                (signal, context) -> {
                  if (signal instanceof StreamSignal.Element<Integer> element) {
                    held.add(element);
                    sink.next(element.take());
                  }
                },
            DemandOptions.acknowledged(2))
        .subscribe(probe);
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(2);
    upstream.send(0, 1);
    probe.awaitElements(2);
    assertEquals(List.of(2L), upstream.requests);
    // On this thread, which an actor's helper may be.
    held.get(1).acknowledge();
    upstream.awaitRequested(3);
    assertEquals(List.of(2L, 1L), upstream.requests);
    probe.awaitSubscription().cancel();
    upstream.awaitCancel();
  }

  @Test
  void stashedElementsHoldTheUpstreamUpAndKeepTheirOrder() {
    Expect.numbers(
        5_000,
        Flux.from(
                Processors.<Integer, Integer>throughActor(
                    Flux.range(0, 5_000).publishOn(Schedulers.single()),
                    system.executor(),
                    Stashing::new,
                    batch(8)))
            .limitRate(3));
  }

  @Test
  void turnsThatYieldAndAwaitAreOneAfterTheOther() {
    Expect.numbers(
        50,
        Processors.<Integer, Integer>throughActor(
            Flux.range(0, 50), system.executor(), Slow::new, batch(4)));
  }

  @Test
  void endOfTheUpstreamNeedsNoDemand() {
    StepVerifier.create(passing(Flux.empty(), batch(4)), 0)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    RuntimeException failure = new RuntimeException("made by the test");
    StepVerifier.create(passing(Flux.error(failure), batch(4)), 0)
        .expectErrorMatches(thrown -> thrown == failure)
        .verify(TestSystem.PATIENCE);
  }

  /** It knows only at the end what it has to give, and then has to wait for demand. */
  @Test
  void actorMayGiveElementsAfterTheUpstreamHasCompleted() {
    through(Summing::new, batch(4)).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(4);
    upstream.send(1, 2, 3);
    upstream.complete();
    probe.awaitElements(1);
    assertFalse(probe.hasEnded());
    probe.awaitSubscription().request(1);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(6, 3), probe.elements);
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void failureOfTheUpstreamComesBehindWhatTheActorGivesInThatTurn() {
    RuntimeException failure = new RuntimeException("made by the test");
    through(
            sink ->
                (signal, context) -> {
                  if (signal instanceof StreamSignal.Failed<Integer>) {
                    sink.next(-1);
                    context.await(
                        context.io().delay(Duration.ofMillis(1)),
                        (nothing, none) -> context.yield(() -> sink.next(-2)));
                  } else if (signal instanceof StreamSignal.Element<Integer> element) {
                    sink.next(element.take());
                  }
                },
            batch(4))
        .subscribe(probe);
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(4);
    upstream.send(1);
    upstream.fail(failure);
    assertSame(failure, probe.awaitFailure());
    assertEquals(List.of(1, -1, -2), probe.elements);
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void actorMayEndTheStreamOtherwiseThanTheUpstreamHas() {
    through(
            sink ->
                (signal, context) -> {
                  if (signal instanceof StreamSignal.Failed<Integer>) {
                    sink.next(-1);
                    sink.complete();
                  }
                },
            batch(4))
        .subscribe(probe);
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(4);
    upstream.fail(new RuntimeException("made by the test"));
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(-1), probe.elements);
  }

  @Test
  void actorThatHasEnoughCancelsTheUpstream() {
    through(
            sink ->
                (signal, context) -> {
                  if (signal instanceof StreamSignal.Element<Integer> element) {
                    sink.next(element.take());
                    sink.complete();
                  }
                },
            batch(4))
        .subscribe(probe);
    probe.awaitSubscription().request(10);
    upstream.awaitRequested(4);
    upstream.send(1, 2);
    TestSystem.awaitUntil(probe::hasCompleted);
    upstream.awaitCancel();
    upstream.send(3);
    assertEquals(List.of(1), probe.elements);
    TestSystem.awaitUntil(() -> givenBack.stream().sorted().toList().equals(List.of(2, 3)));
  }

  @Test
  void actorThatEndsTheStreamAtItsStartNeedsNoUpstream() {
    AtomicInteger subscribed = new AtomicInteger();
    Publisher<Integer> source =
        Processors.<Integer, Integer>throughActor(
            subscriber -> subscribed.incrementAndGet(),
            system.executor(),
            sink -> {
              sink.complete();
              return new Passing<>(sink);
            },
            batch(4));
    StepVerifier.create(source).expectComplete().verify(TestSystem.PATIENCE);
    assertEquals(0, subscribed.get());
  }

  @Test
  void cancelReachesTheUpstreamThenTheActorAndGivesBackWhatWasNotTaken() {
    CompletableFuture<String> lastWords = new CompletableFuture<>();
    List<StreamSignal.Element<Integer>> held = new CopyOnWriteArrayList<>();
    through(
            sink ->
                (signal, context) -> {
                  if (signal instanceof StreamSignal.Element<Integer> element) {
                    held.add(element);
                  } else if (signal instanceof ThroughSignal.Cancelled<Integer>) {
                    lastWords.complete(
                        "cancels " + upstream.cancels.get() + ", demand " + sink.demand());
                  }
                },
            batch(8))
        .subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    upstream.send(0, 1, 2);
    TestSystem.awaitUntil(() -> held.size() == 3);
    assertEquals(1, held.get(1).take());
    probe.awaitSubscription().cancel();
    assertEquals("cancels 1, demand 0", TestSystem.get(lastWords));
    system.awaitQuiescence();
    upstream.send(3);
    assertEquals(List.of(0, 2, 3), givenBack);
    assertNull(held.get(0).take());
    assertTrue(probe.elements.isEmpty());
  }

  @Test
  void messagesOfTheActorsOwnAreAdaptedSignals() {
    record Note(ThroughSignal<Integer> signal, int number) {}

    AtomicInteger numbers = new AtomicInteger();
    Publisher<Integer> numbered =
        Processors.<Integer, Note, Integer>throughActor(
            Flux.just(7),
            system.executor(),
            sink ->
                (note, context) -> {
                  if (note.signal() instanceof StreamSignal.Element<Integer> element) {
                    context.self().tell(new Note(new ThroughSignal.Cancelled<>(), element.take()));
                  } else if (note.number() == 7) {
                    sink.next(numbers.get());
                    sink.complete();
                  }
                },
            signal -> new Note(signal, -numbers.incrementAndGet()),
            batch(4));
    StepVerifier.create(numbered)
        .assertNext(count -> assertTrue(count >= 2, "adapted " + count))
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void nothingIsLostWhenTheSubscriberCancelsAtAnyMoment() {
    expectNothingIsLostByACancelAtAnyMoment();
  }

  @Test
  void endedStreamsLeaveNoDeadLetters() {
    expectNoDeadLetters(
        () -> {
          StepVerifier.create(passing(Flux.range(0, 3), batch(2)))
              .expectNextCount(3)
              .expectComplete()
              .verify(TestSystem.PATIENCE);
          StepVerifier.create(Flux.from(passing(Flux.range(0, 100), batch(8))).take(2))
              .expectNextCount(2)
              .expectComplete()
              .verify(TestSystem.PATIENCE);
          StepVerifier.create(passing(Flux.error(new IllegalStateException("the test")), batch(2)))
              .expectError(IllegalStateException.class)
              .verify(TestSystem.PATIENCE);
        });
  }

  @Test
  void spec101_upstreamThatGivesMoreThanWasAskedForFails() {
    passing(upstream, batch(4)).subscribe(probe);
    probe.awaitSubscription().request(2);
    upstream.awaitRequested(4);
    sendAtOnce();
    assertInstanceOf(IllegalStateException.class, probe.awaitFailure());
    upstream.awaitCancel();
    system.awaitQuiescence();
    assertEquals(List.of(0, 1), probe.elements);
    assertEquals(List.of(2, 3, 4, 5), givenBack.stream().sorted().toList());
  }

  @Test
  void spec303_longSynchronousUpstreamDoesNotRecurse() {
    Expect.oneByOne(100_000, passing(Flux.range(0, 100_000), DemandOptions.acknowledged(1)));
  }

  @Test
  void spec309_requestZeroCancelsTheUpstreamAndFails() {
    expectRequestOfNoneToCancelAndFail();
  }

  private Publisher<Integer> passing(Publisher<Integer> source, DemandOptions<Integer> options) {
    return Processors.<Integer, Integer>throughActor(
        source, system.executor(), Passing::new, options.withDiscard(givenBack::add));
  }

  private Publisher<Integer> through(
      Function<Sink<Integer>, Actor<ThroughSignal<Integer>>> actor,
      DemandOptions<Integer> options) {
    return Processors.throughActor(
        upstream, system.executor(), actor, options.withDiscard(givenBack::add));
  }

  private static DemandOptions<Integer> batch(int size) {
    return DemandOptions.batch(size);
  }

  /** What was sent to actors before was handled. */
  private static void awaitTurn() {
    for (int i = 0; i < 2; i++) {
      system.awaitTurn();
    }
  }

  private static final class Words implements Actor<ThroughSignal<String>> {
    private final Sink<String> sink;
    private final Queue<StreamSignal.Element<String>> lines = new ArrayDeque<>();
    private final Queue<String> words = new ArrayDeque<>();
    private boolean completed;

    Words(Sink<String> sink) {
      this.sink = sink;
    }

    @Override
    public void receive(ThroughSignal<String> signal, ActorContext<ThroughSignal<String>> context) {
      if (signal instanceof StreamSignal.Element<String> line) {
        lines.add(line);
      } else if (signal instanceof StreamSignal.Completed<String>) {
        completed = true;
      }
      while (sink.demand() > 0 && !(words.isEmpty() && lines.isEmpty())) {
        if (words.isEmpty()) {
          words.addAll(List.of(lines.remove().take().split(" ")));
        } else {
          sink.next(words.remove());
        }
      }
      if (completed && words.isEmpty() && lines.isEmpty()) {
        sink.complete();
      }
    }
  }

  /** Stashes what is not wanted. */
  private static final class Stashing implements Actor<ThroughSignal<Integer>> {
    private final Sink<Integer> sink;

    Stashing(Sink<Integer> sink) {
      this.sink = sink;
    }

    @Override
    public void receive(
        ThroughSignal<Integer> signal, ActorContext<ThroughSignal<Integer>> context) {
      if (signal instanceof ThroughSignal.Requested<Integer>) {
        context.unstashAll();
      } else if (signal instanceof StreamSignal.Element<Integer> && sink.demand() == 0) {
        context.stash(signal);
      } else if (signal instanceof StreamSignal.Element<Integer> element) {
        sink.next(element.take());
      } else if (signal instanceof StreamSignal.Completed<Integer>) {
        completeBehindTheStash(signal, context);
      }
    }

    private void completeBehindTheStash(
        ThroughSignal<Integer> signal, ActorContext<ThroughSignal<Integer>> context) {
      if (sink.demand() > 0) {
        sink.complete();
      } else {
        context.stash(signal);
      }
    }
  }

  /** Gives each element in three parts of its turn. */
  private static final class Slow implements Actor<ThroughSignal<Integer>> {
    private final Sink<Integer> sink;

    Slow(Sink<Integer> sink) {
      this.sink = sink;
    }

    @Override
    public void receive(
        ThroughSignal<Integer> signal, ActorContext<ThroughSignal<Integer>> context) {
      if (signal instanceof StreamSignal.Element<Integer> element) {
        int value = element.take();
        context.yield(
            () ->
                context.await(
                    context.io().delay(Duration.ofNanos(1)), (nothing, none) -> sink.next(value)));
      } else if (signal instanceof StreamSignal.Completed<Integer>) {
        sink.complete();
      }
    }
  }

  /** Gives the sum of all, then how many there were. */
  private static final class Summing implements Actor<ThroughSignal<Integer>> {
    private final Sink<Integer> sink;
    private final Queue<Integer> results = new ArrayDeque<>();
    private int sum;
    private int count;

    Summing(Sink<Integer> sink) {
      this.sink = sink;
    }

    @Override
    public void receive(
        ThroughSignal<Integer> signal, ActorContext<ThroughSignal<Integer>> context) {
      if (signal instanceof StreamSignal.Element<Integer> element) {
        sum += element.take();
        count++;
      } else if (signal instanceof StreamSignal.Completed<Integer>) {
        results.addAll(List.of(sum, count));
      }
      while (sink.demand() > 0 && !results.isEmpty()) {
        sink.next(results.remove());
        if (results.isEmpty()) {
          sink.complete();
        }
      }
    }
  }
}
