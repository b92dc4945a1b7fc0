package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Stages as publishers, and publishers as stages. */
final class StageBridgeTest extends SystemTest {
  private final List<Integer> givenBack = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> stage = new CompletableFuture<>();
  private final AtomicInteger made = new AtomicInteger();
  private final Publisher<Integer> ofStage =
      Publishers.fromStage(
          system.executor(),
          () -> {
            made.incrementAndGet();
            return stage;
          },
          DemandOptions.<Integer>batch(1).withDiscard(givenBack::add));
  private Runnable lateSubscriber;
  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();

  @Test
  void valueOfAStageComesOnTheExecutorWithTheFirstDemand() {
    StepVerifier.create(Flux.from(ofStage).filter(value -> system.executor().isCurrent()), 0)
        .then(() -> assertEquals(0, made.get()))
        .thenRequest(1)
        .then(() -> stage.complete(7))
        .expectNext(7)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    assertEquals(1, made.get());
  }

  /** Completes the stage and cancels, before the actors of the subscribers look again. */
  private List<Probe<Integer>> completeAndCancel(int subscribers, int cancels) {
    List<Probe<Integer>> probes =
        IntStream.range(0, subscribers).mapToObj(n -> Probe.<Integer>greedy()).toList();
    probes.forEach(ofStage::subscribe);
    TestSystem.awaitUntil(() -> made.get() == subscribers);
    CompletableFuture<Void> done = new CompletableFuture<>();
    system
        .executor()
        .execute(
            () -> {
              stage.complete(7);
              probes.subList(0, cancels).forEach(probe -> probe.awaitSubscription().cancel());
              done.complete(null);
            });
    TestSystem.get(done);
    system.awaitQuiescence();
    return probes;
  }

  @Test
  void valueThatAllWereGivenAndNobodyHasTakenIsGivenBackOnce() {
    completeAndCancel(3, 3);
    assertEquals(List.of(7), List.copyOf(givenBack));
  }

  @Test
  void valueThatOneHasTakenIsNotGivenBackByTheOthers() {
    List<Probe<Integer>> probes = completeAndCancel(3, 2);
    assertEquals(List.of(7), probes.get(2).elements);
    assertEquals(List.of(), List.copyOf(givenBack));
  }

  @Test
  void subscribersOfOneStageAreToldInTheirOrder() {
    List<Integer> told = new CopyOnWriteArrayList<>();
    for (int number = 0; number < 20; number++) {
      int own = number;
      Flux.from(ofStage).subscribe(value -> told.add(own));
      TestSystem.awaitUntil(() -> made.get() == own + 1);
    }
    stage.complete(7);
    TestSystem.awaitUntil(() -> told.size() == 20);
    assertEquals(IntStream.range(0, 20).boxed().toList(), List.copyOf(told));
  }

  @Test
  void stageOfNullCompletes() {
    stage.complete(null);
    StepVerifier.create(ofStage).expectComplete().verify(TestSystem.PATIENCE);
  }

  @Test
  void failureOfAStageIsToldUnwrapped() {
    RuntimeException failure = new RuntimeException("made by the test");
    stage.completeExceptionally(failure);
    Publisher<Integer> dependent =
        Publishers.fromStage(
            system.executor(),
            () -> stage.thenApply(value -> value + 1),
            DemandOptions.<Integer>batch(1));
    StepVerifier.create(dependent)
        .expectErrorMatches(thrown -> thrown == failure)
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void valueThatComesAfterTheCancelIsGivenBack() {
    Probe<Integer> probe = new Probe<>();
    ofStage.subscribe(probe);
    probe.awaitSubscription().request(1);
    TestSystem.awaitUntil(() -> made.get() == 1);
    probe.awaitSubscription().cancel();
    system.awaitQuiescence();
    assertFalse(stage.isDone());
    stage.complete(7);
    assertEquals(List.of(7), givenBack);
    assertTrue(probe.elements.isEmpty());
  }

  /** The stage is given to all, and does not end. */
  @Test
  void spec313_stageKeepsNobodyWhoHasCancelled() {
    List<WeakReference<Probe<Integer>>> cancelled =
        IntStream.range(0, 1_000).mapToObj(i -> cancelledProbe()).toList();
    TestSystem.awaitUntil(
        () -> {
          System.gc();
          return cancelled.stream().allMatch(probe -> probe.get() == null);
        });
    assertEquals(1_000, made.get());
    assertEquals(1, stage.getNumberOfDependents());
    Probe<Integer> last = new Probe<>();
    ofStage.subscribe(last);
    last.awaitSubscription().request(1);
    TestSystem.awaitUntil(() -> made.get() == 1_001);
    stage.complete(7);
    TestSystem.awaitUntil(last::hasCompleted);
    assertEquals(List.of(7), last.elements);
    assertEquals(List.of(), givenBack);
  }

  private WeakReference<Probe<Integer>> cancelledProbe() {
    int before = made.get();
    Probe<Integer> probe = new Probe<>();
    ofStage.subscribe(probe);
    probe.awaitSubscription().request(1);
    TestSystem.awaitUntil(() -> made.get() > before);
    probe.awaitSubscription().cancel();
    return new WeakReference<>(probe);
  }

  @Test
  void valueIsGivenBackOnceWhenAllHaveCancelled() {
    for (int i = 0; i < 3; i++) {
      cancelledProbe();
    }
    system.awaitQuiescence();
    stage.complete(7);
    assertEquals(List.of(7), givenBack);
  }

  @Test
  void stagesOfEachSubscriberAreApart() {
    List<CompletableFuture<Integer>> stages =
        List.of(new CompletableFuture<>(), new CompletableFuture<>(), stage);
    Publisher<Integer> publisher =
        Publishers.fromStage(
            system.executor(),
            () -> stages.get(made.getAndIncrement()),
            DemandOptions.<Integer>batch(1));
    List<Probe<Integer>> probes = List.of(new Probe<>(), new Probe<>(), new Probe<>());
    for (int i = 0; i < 3; i++) {
      publisher.subscribe(probes.get(i));
      probes.get(i).awaitSubscription().request(1);
      int count = i + 1;
      TestSystem.awaitUntil(() -> made.get() == count);
    }
    for (int i = 2; i >= 0; i--) {
      stages.get(i).complete(i);
      TestSystem.awaitUntil(probes.get(i)::hasCompleted);
      assertEquals(List.of(i), probes.get(i).elements);
    }
  }

  @Test
  void upstreamThatThrowsFromSubscribeFailsTheFutureAndIsCancelled() {
    RuntimeException failure = new RuntimeException("thrown by the test's upstream");
    CompletableFuture<Integer> first =
        Subscribers.first(
            subscriber -> {
              upstream.subscribe(subscriber);
              throw failure;
            },
            givenBack::add);
    assertSame(failure, assertThrows(CompletionException.class, first::join).getCause());
    assertEquals(1, upstream.cancels.get());
  }

  @Test
  void firstElementCompletesTheFutureAndCancelsTheUpstream() {
    CompletableFuture<Integer> first = Subscribers.first(upstream, givenBack::add);
    assertEquals(List.of(1L), upstream.requests);
    upstream.send(7);
    assertEquals(7, first.join());
    assertEquals(1, upstream.cancels.get());
    upstream.send(8);
    assertEquals(List.of(8), givenBack);
  }

  @Test
  void endWithoutAnElementIsNull() {
    CompletableFuture<Integer> first = Subscribers.first(upstream, givenBack::add);
    upstream.complete();
    assertNull(first.join());
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void failureFailsTheFuture() {
    RuntimeException failure = new RuntimeException("made by the test");
    CompletableFuture<Integer> first = Subscribers.first(upstream, givenBack::add);
    upstream.fail(failure);
    assertSame(failure, assertThrows(CompletionException.class, first::join).getCause());
    assertEquals(0, upstream.cancels.get());
  }

  @Test
  void cancelledFutureCancelsTheUpstream() {
    CompletableFuture<Integer> first = Subscribers.first(upstream, givenBack::add);
    assertTrue(first.cancel(false));
    assertEquals(1, upstream.cancels.get());
    upstream.send(7);
    assertEquals(List.of(7), givenBack);
  }

  @Test
  void subscriptionThatComesAfterTheCancelIsCancelled() {
    CompletableFuture<Integer> first =
        Subscribers.first(
            late -> {
              // The subscriber waits for this test.
              lateSubscriber = () -> upstream.subscribe(late);
            },
            givenBack::add);
    first.cancel(false);
    lateSubscriber.run();
    assertEquals(1, upstream.cancels.get());
    assertTrue(upstream.requests.isEmpty());
  }
}
