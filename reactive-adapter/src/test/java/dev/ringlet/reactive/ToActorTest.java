package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Mailbox;
import dev.ringlet.actor.RouterRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.ShardedRef;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ExecutorPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** What an actor and its upstream see of each other. */
final class ToActorTest extends SystemTest {
  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final List<Integer> givenBack = new CopyOnWriteArrayList<>();

  /** The one that was spawned last. */
  private ActorRef<?> lastActor;

  @Test
  void batchIsFilledUpAtTheLowWaterMark() {
    Reader<Integer> reader = new Reader<>();
    upstream.subscribe(toActor(reader, batch(8).withLowWater(2)));
    upstream.awaitRequested(8);
    upstream.send(0, 1, 2, 3, 4);
    reader.awaitElements(5);
    assertEquals(List.of(8L), upstream.requests);
    upstream.send(5);
    upstream.awaitRequested(14);
    assertEquals(List.of(8L, 6L), upstream.requests);
    assertEquals(List.of(0, 1, 2, 3, 4, 5), reader.elements);
  }

  @Test
  void eachAcknowledgementAsksForOneMore() {
    Holder holder = new Holder();
    upstream.subscribe(toActor(holder, DemandOptions.acknowledged(2)));
    upstream.awaitRequested(2);
    upstream.send(0, 1);
    holder.awaitHeld(2);
    assertEquals(0, holder.held.get(0).take());
    assertEquals(1, holder.held.get(1).take());
    assertEquals(List.of(2L), upstream.requests);
    holder.held.get(1).acknowledge();
    upstream.awaitRequested(3);
    holder.held.get(1).acknowledge();
    holder.held.get(0).acknowledge();
    upstream.awaitRequested(4);
    assertEquals(4, upstream.requested.get());
  }

  @Test
  void elementThatIsAcknowledgedUntakenIsGivenBack() {
    Holder holder = new Holder();
    upstream.subscribe(toActor(holder, discarding(DemandOptions.acknowledged(1))));
    upstream.awaitRequested(1);
    upstream.send(7);
    holder.awaitHeld(1);
    holder.held.get(0).acknowledge();
    upstream.awaitRequested(2);
    assertEquals(List.of(7), givenBack);
    assertNull(holder.held.get(0).take());
  }

  /** How far the upstream is ahead is seen by the actor, with each element. */
  @Test
  void fastUpstreamIsNeverMoreThanABatchAhead() {
    AtomicInteger produced = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Reader<Integer> reader =
        new Reader<>() {
          private int taken;

          @Override
          void onElement(StreamSignal.Element<Integer> element) {
            most.accumulateAndGet(produced.get() - taken, Math::max);
            taken++;
            super.onElement(element);
          }
        };
    Flux.range(0, 20_000)
        .doOnNext(element -> produced.incrementAndGet())
        .subscribe(toActor(reader, batch(16)));
    reader.awaitCompletion();
    assertEquals(20_000, reader.elements.size());
    assertTrue(most.get() <= 16, () -> "ahead by " + most.get());
  }

  /** By mailbox and inbox, these would overtake each other. */
  @Test
  void spec103_signalsOfChangingThreadsKeepTheirOrder() {
    Reader<Integer> reader = new Reader<>();
    upstream.subscribe(toActor(reader, batch(1024)));
    upstream.awaitRequested(1024);
    for (int i = 0; i < 1000; i++) {
      int element = i;
      if (i % 2 == 0) {
        upstream.send(element);
      } else {
        system.run(() -> upstream.send(element));
      }
    }
    upstream.complete();
    reader.awaitCompletion();
    assertEquals(IntStream.range(0, 1000).boxed().toList(), reader.elements);
  }

  @Test
  void failureArrivesBehindTheElements() {
    RuntimeException failure = new RuntimeException("made by the test");
    Reader<Integer> reader = new Reader<>();
    Flux.range(0, 100).concatWith(Flux.error(failure)).subscribe(toActor(reader, batch(8)));
    assertSame(failure, reader.awaitFailure());
    assertEquals(100, reader.elements.size());
  }

  @Test
  void streamThatEndsUnaskedIsTold() {
    Reader<Integer> reader = new Reader<>();
    Flux.<Integer>empty().subscribe(toActor(reader, batch(8)));
    reader.awaitCompletion();
  }

  /** Neither the relay nor those that wake it send to somebody who has gone. */
  @Test
  void streamThatEndsLeavesNothingBehind() {
    long deadLettersBefore = system.system().stats().deadLetters();
    for (int i = 0; i < 50; i++) {
      Reader<Integer> reader = new Reader<>();
      Flux.range(0, 100).subscribe(toActor(reader, batch(8)));
      reader.awaitCompletion();
    }
    TestSystem.awaitUntil(() -> system.executor().stats().actors() == 50);
    assertEquals(deadLettersBefore, system.system().stats().deadLetters());
  }

  /** By somebody, or by a failure, as is the default of its supervision. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stopOfTheActorCancelsAndGivesBackWhatItHasNotTaken(boolean byFailure) {
    Holder holder = new Holder();
    upstream.subscribe(toActor(holder, discarding(batch(8))));
    upstream.awaitRequested(8);
    upstream.send(0, 1, 2);
    holder.awaitHeld(3);
    assertEquals(1, holder.held.get(1).take());
    holder.failing = byFailure;
    upstream.send(3);
    if (!byFailure) {
      system.system().stop(lastActor);
    }
    upstream.awaitCancel();
    system.awaitQuiescence();
    upstream.send(4);
    assertEquals(List.of(0, 2, 3, 4), givenBack.stream().sorted().toList());
    assertNull(holder.held.get(0).take());
    assertEquals(1, upstream.cancels.get());
  }

  @Test
  void stopOfTheActorAfterTheEndGivesBackToo() {
    Holder holder = new Holder();
    upstream.subscribe(toActor(holder, discarding(batch(8))));
    upstream.awaitRequested(8);
    upstream.send(0, 1);
    upstream.complete();
    holder.awaitHeld(2);
    holder.awaitCompletion();
    system.system().stop(lastActor);
    system.awaitQuiescence();
    assertEquals(List.of(0, 1), givenBack.stream().sorted().toList());
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void subscriptionOfAnActorThatHasStoppedIsCancelled() {
    ActorSubscriber<Integer> subscriber = toActor(new Reader<>(), discarding(batch(8)));
    system.system().stop(lastActor);
    system.awaitQuiescence();
    upstream.subscribe(subscriber);
    upstream.awaitCancel();
    upstream.send(1);
    TestSystem.awaitUntil(() -> givenBack.size() == 1);
  }

  @Test
  void cancelEndsTheStreamButForWhatWasSent() {
    Holder holder = new Holder();
    ActorSubscriber<Integer> subscriber = toActor(holder, discarding(batch(8)));
    upstream.subscribe(subscriber);
    upstream.awaitRequested(8);
    upstream.send(0, 1);
    holder.awaitHeld(2);
    subscriber.cancel();
    subscriber.cancel();
    upstream.awaitCancel();
    upstream.send(2);
    upstream.complete();
    assertEquals(0, holder.held.get(0).take());
    assertEquals(1, holder.held.get(1).take());
    TestSystem.awaitUntil(() -> system.executor().stats().actors() == 1);
    assertEquals(List.of(2), givenBack);
    assertEquals(1, upstream.cancels.get());
    assertEquals(2, holder.held.size());
    assertFalse(holder.hasEnded());
  }

  @Test
  void cancelBeforeTheSubscriptionCancelsIt() {
    Reader<Integer> reader = new Reader<>();
    ActorSubscriber<Integer> subscriber = toActor(reader, batch(8));
    subscriber.cancel();
    upstream.subscribe(subscriber);
    upstream.awaitCancel();
    assertTrue(upstream.requests.isEmpty());
  }

  /** The mailbox has room for less than a batch. */
  @Test
  void fullMailboxHoldsElementsUp() {
    Reader<Integer> reader = new Reader<>();
    ActorOptions narrow =
        ActorOptions.defaults().withMailbox(Mailbox.bounded(4, Mailbox.Overflow.FAIL));
    Flux.range(0, 200).subscribe(toActor(() -> reader, Reader.Arrived::new, narrow, batch(64)));
    reader.awaitCompletion();
    assertEquals(IntStream.range(0, 200).boxed().toList(), reader.elements);
  }

  @Test
  void adapterThatThrowsFailsTheStream() {
    RuntimeException failure = new RuntimeException("thrown by the test's adapter");
    Reader<Integer> reader = new Reader<>();
    upstream.subscribe(
        toActor(
            () -> reader,
            signal -> {
              if (signal instanceof StreamSignal.Element<Integer>) {
                throw failure;
              }
              return new Reader.Arrived<>(signal);
            },
            ActorOptions.defaults(),
            discarding(batch(8))));
    upstream.awaitRequested(8);
    upstream.send(1, 2);
    assertSame(failure, reader.awaitFailure());
    upstream.awaitCancel();
    assertEquals(List.of(1, 2), givenBack.stream().sorted().toList());
  }

  @Test
  void restartOfTheActorDoesNotEndTheStream() {
    Reader<Integer> reader =
        new Reader<>() {
          @Override
          void onElement(StreamSignal.Element<Integer> element) {
            super.onElement(element);
            if (elements.size() == 5) {
              throw new IllegalStateException("thrown by the test's actor");
            }
          }
        };
    Flux.range(0, 100)
        .subscribe(
            toActor(
                () -> reader,
                Reader.Arrived::new,
                ActorOptions.defaults().withSupervision(Supervision.restart()),
                batch(8)));
    reader.awaitCompletion();
    assertEquals(100, reader.elements.size());
  }

  @Test
  void spec101_upstreamThatGivesMoreThanWasAskedForFails() {
    Reader<Integer> reader = new Reader<>();
    upstream.subscribe(toActor(reader, discarding(batch(4).withLowWater(0))));
    upstream.awaitRequested(4);
    // On the executor, so that nobody looks meanwhile.
    system.run(() -> upstream.send(0, 1, 2, 3, 4, 5));
    assertInstanceOf(IllegalStateException.class, reader.awaitFailure());
    upstream.awaitCancel();
    assertEquals(List.of(0, 1, 2, 3), reader.elements);
    assertEquals(List.of(4, 5), givenBack);
  }

  /** The ring has room, but the demand is used up. */
  @Test
  void spec101_elementAboveTheDemandFails() {
    Holder holder = new Holder();
    upstream.subscribe(toActor(holder, discarding(batch(2))));
    upstream.awaitRequested(2);
    upstream.send(0, 1);
    holder.awaitHeld(2);
    upstream.send(2);
    assertInstanceOf(IllegalStateException.class, holder.awaitFailure());
    upstream.awaitCancel();
    assertEquals(List.of(2), givenBack);
  }

  @Test
  void spec205_secondSubscriptionIsCancelled() {
    Reader<Integer> reader = new Reader<>();
    ActorSubscriber<Integer> subscriber = toActor(reader, batch(4));
    upstream.subscribe(subscriber);
    upstream.awaitRequested(4);
    ManualUpstream<Integer> second = new ManualUpstream<>();
    second.subscribe(subscriber);
    assertEquals(1, second.cancels.get());
    upstream.send(1);
    reader.awaitElements(1);
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void spec303_upstreamThatSignalsWithinRequestDoesNotRecurse() {
    Reader<Integer> reader = new Reader<>();
    Flux.range(0, 20_000).subscribe(toActor(reader, DemandOptions.acknowledged(1)));
    reader.awaitCompletion();
    assertEquals(20_000, reader.elements.size());
  }

  @Test
  void spec316_upstreamThatThrowsFromRequestFails() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    ManualUpstream<Integer> broken = ManualUpstream.throwingFromRequest(failure);
    Reader<Integer> reader = new Reader<>();
    broken.subscribe(toActor(reader, batch(4)));
    assertSame(failure, reader.awaitFailure());
    broken.awaitCancel();
  }

  @Test
  void spec109_endWithoutASubscriptionIsTold() {
    RuntimeException failure = new RuntimeException("made by the test");
    Reader<Integer> reader = new Reader<>();
    toActor(reader, batch(4)).onError(failure);
    assertSame(failure, reader.awaitFailure());
    Reader<Integer> other = new Reader<>();
    toActor(other, batch(4)).onComplete();
    other.awaitCompletion();
  }

  @Test
  void spec109_elementWithoutASubscriptionFails() {
    Reader<Integer> reader = new Reader<>();
    ActorSubscriber<Integer> subscriber = toActor(reader, discarding(batch(4)));
    subscriber.onNext(7);
    assertInstanceOf(IllegalStateException.class, reader.awaitFailure());
    assertEquals(List.of(7), givenBack);
    upstream.subscribe(subscriber);
    upstream.awaitCancel();
    assertTrue(reader.elements.isEmpty());
  }

  @Test
  void adapterOfAnActorTakesTheStreamForIt() {
    CompletableFuture<ActorRef<StreamSignal<Integer>>> given = new CompletableFuture<>();
    List<Integer> heard = new CopyOnWriteArrayList<>();
    ActorRef<Integer> actor =
        system
            .executor()
            .spawn(
                () ->
                    new Actor<Integer>() {
                      @Override
                      public void preStart(ActorContext<Integer> context) {
                        given.complete(adapterOf(context));
                      }

                      @Override
                      public void receive(Integer message, ActorContext<Integer> context) {
                        heard.add(message);
                      }
                    },
                ActorOptions.defaults());
    upstream.subscribe(
        Subscribers.toActor(
            system.executor(), TestSystem.get(given), signal -> signal, discarding(batch(4))));
    upstream.awaitRequested(4);
    upstream.send(1, 2);
    TestSystem.awaitUntil(() -> heard.size() == 2);
    system.system().stop(actor);
    upstream.awaitCancel();
    upstream.send(3);
    assertEquals(List.of(1, 2), heard);
    TestSystem.awaitUntil(() -> givenBack.equals(List.of(3)));
  }

  @SuppressWarnings("unchecked") // the class of a generic type
  private static ActorRef<StreamSignal<Integer>> adapterOf(ActorContext<Integer> context) {
    return context.adapt(
        (Class<StreamSignal<Integer>>) (Class<?>) StreamSignal.class,
        signal -> signal instanceof StreamSignal.Element<Integer> one ? one.take() : -1);
  }

  @Test
  void routersAndShardsAreRefused() {
    RouterRef<StreamSignal<Integer>> router =
        system
            .system()
            .spawnPool(
                1, index -> (signal, context) -> {}, Routing.roundRobin(), ActorOptions.defaults());
    refuses(router);
    ShardedRef<StreamSignal<Integer>> shards =
        system.system().spawnSharded("shards", index -> (signal, context) -> {}, signal -> signal);
    refuses(shards);
    system.system().stop(router);
    system.system().stop(shards);
  }

  private static void refuses(ActorRef<StreamSignal<Integer>> several) {
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> Subscribers.toActor(system.executor(), several, signal -> signal, batch(4)));
    assertTrue(failure.getMessage().contains(several.path()), failure.getMessage());
  }

  /** As the address that takes a reply. */
  @Test
  void addressWithoutAnActorIsTold() {
    StreamSignal<Integer> told =
        TestSystem.get(
            silent()
                .<StreamSignal<Integer>>ask(
                    replyTo -> {
                      upstream.subscribe(
                          Subscribers.toActor(
                              system.executor(), replyTo, signal -> signal, batch(4)));
                      return replyTo;
                    },
                    TestSystem.PATIENCE)
                .toCompletableFuture());
    assertInstanceOf(StreamSignal.Failed.class, told);
    upstream.awaitCancel();
    assertTrue(upstream.requests.isEmpty());
  }

  private ActorRef<ActorRef<StreamSignal<Integer>>> silent() {
    return system.spawnForTest(() -> (message, context) -> {});
  }

  /** With one place, the stream goes on only if a failed turn does not keep it. */
  @Test
  void turnsThatFailInATryKeepNoPlaces() {
    for (Supervision supervision : List.of(Supervision.resume(), Supervision.restart())) {
      for (DemandOptions<Integer> options :
          List.of(DemandOptions.<Integer>acknowledged(1), batch(1))) {
        Reader<Integer> reader =
            new Reader<>() {
              private int count;

              @Override
              void onElement(StreamSignal.Element<Integer> element) {
                try (element) {
                  count++;
                  if (count % 3 == 0) {
                    throw new IllegalStateException("thrown by the test's actor");
                  }
                  Integer taken = element.take();
                  if (count % 3 == 1) {
                    throw new IllegalStateException("thrown by the test's actor");
                  }
                  elements.add(taken);
                }
              }
            };
        givenBack.clear();
        Flux.range(1, 60)
            .subscribe(
                toActor(
                    () -> reader,
                    Reader.Arrived::new,
                    ActorOptions.defaults().withSupervision(supervision),
                    discarding(options)));
        reader.awaitCompletion();
        assertEquals(20, reader.elements.size());
        assertEquals(20, givenBack.size());
      }
    }
  }

  @Test
  void closedSystemCancelsTheSubscription() {
    try (TestSystem closed = TestSystem.open(ExecutorPool.AUTO)) {
      Reader<Integer> reader = new Reader<>();
      ActorRef<Reader.Arrived<Integer>> actor =
          closed.executor().spawn(() -> reader, ActorOptions.defaults());
      Holder holder = new Holder();
      ActorRef<Reader.Arrived<Integer>> keeper =
          closed.executor().spawn(() -> holder, ActorOptions.defaults());
      ManualUpstream<Integer> running = new ManualUpstream<>();
      running.subscribe(
          Subscribers.toActor(
              closed.executor(), keeper, Reader.Arrived::new, discarding(batch(4))));
      running.awaitRequested(4);
      running.send(0, 1);
      holder.awaitHeld(2);
      closed.system().close();
      assertEquals(1, running.cancels.get());
      running.send(2);
      assertEquals(List.of(0, 1, 2), givenBack.stream().sorted().toList());

      upstream.subscribe(
          Subscribers.toActor(closed.executor(), actor, Reader.Arrived::new, discarding(batch(4))));
      upstream.awaitCancel();
      assertTrue(upstream.requests.isEmpty());
    }
  }

  @Test
  void elementsThatWereSentStayWhenTheAdapterThrowsAtTheEnd() {
    Holder holder = new Holder();
    RuntimeException thrown = new RuntimeException("made by the test");
    upstream.subscribe(
        toActor(
            () -> holder,
            signal -> {
              if (signal instanceof StreamSignal.Completed<Integer>) {
                throw thrown;
              }
              return new Reader.Arrived<>(signal);
            },
            ActorOptions.defaults(),
            discarding(batch(8))));
    upstream.awaitRequested(8);
    upstream.send(0, 1, 2);
    upstream.complete();
    assertSame(thrown, holder.awaitFailure());
    holder.awaitHeld(3);
    for (int i = 0; i < 3; i++) {
      assertEquals(i, holder.held.get(i).take());
    }
    assertEquals(List.of(), givenBack);
  }

  private static DemandOptions<Integer> batch(int size) {
    return DemandOptions.batch(size);
  }

  private DemandOptions<Integer> discarding(DemandOptions<Integer> options) {
    return options.withDiscard(givenBack::add);
  }

  private ActorSubscriber<Integer> toActor(Reader<Integer> reader, DemandOptions<Integer> options) {
    return toActor(() -> reader, Reader.Arrived::new, ActorOptions.defaults(), options);
  }

  private ActorSubscriber<Integer> toActor(
      Supplier<Reader<Integer>> reader,
      Function<StreamSignal<Integer>, Reader.Arrived<Integer>> adapter,
      ActorOptions actorOptions,
      DemandOptions<Integer> options) {
    ActorRef<Reader.Arrived<Integer>> spawned = system.spawnForTest(reader, actorOptions);
    lastActor = spawned;
    return Subscribers.toActor(system.executor(), spawned, adapter, options);
  }

  /** Keeps elements as they come, for the test to take. */
  private static final class Holder extends Reader<Integer> {
    final List<StreamSignal.Element<Integer>> held = new CopyOnWriteArrayList<>();
    volatile boolean failing;

    @Override
    void onElement(StreamSignal.Element<Integer> element) {
      held.add(element);
      if (failing) {
        throw new IllegalStateException("thrown by the test's actor");
      }
    }

    void awaitHeld(int count) {
      TestSystem.awaitUntil(() -> held.size() >= count);
    }
  }
}
