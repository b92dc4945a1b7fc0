package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.executor.ExecutorPool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** An actor as a stage of a stream. */
final class AskEachTest extends SystemTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ManualUpstream<Integer> upstream = new ManualUpstream<>();
  private final List<Integer> elementsBack = new CopyOnWriteArrayList<>();
  private final List<Integer> repliesBack = new CopyOnWriteArrayList<>();
  private final Probe<Integer> probe = new Probe<>();
  private final Keeper keeper = new Keeper();
  private final ActorRef<Squares.Ask> actor = system.spawnForTest(() -> keeper);
  private final long deadLettersBefore = system.system().stats().deadLetters();

  @Test
  void repliesOfALongStreamComeInOrder() {
    keeper.answersAtOnce = true;
    StepVerifier.create(
            Flux.from(ordered(Flux.range(0, 20_000).publishOn(Schedulers.single()), 8))
                .collectList())
        .expectNext(IntStream.range(0, 20_000).map(i -> i * i).boxed().toList())
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    assertEquals(deadLettersBefore, system.system().stats().deadLetters());
  }

  @Test
  void replyThatIsLateHoldsUpThoseBehindIt() {
    ordered(Flux.range(1, 3), 3).subscribe(probe);
    probe.awaitSubscription().request(10);
    keeper.awaitQuestions(3);
    keeper.answer(2);
    keeper.answer(1);
    keeper.answer(0);
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(1, 4, 9), probe.elements);
  }

  @Test
  void unorderedRepliesComeAsTheyAreGiven() {
    stage(Flux.range(1, 3), AskOptions.unordered(3, LONG)).subscribe(probe);
    probe.awaitSubscription().request(10);
    keeper.awaitQuestions(3);
    for (int number = 2; number >= 0; number--) {
      keeper.answer(number);
      probe.awaitElements(3 - number);
    }
    TestSystem.awaitUntil(probe::hasCompleted);
    assertEquals(List.of(9, 4, 1), probe.elements);
  }

  /** Replies that wait for demand count too. */
  @Test
  void noMoreQuestionsAreOpenThanTheParallelism() {
    for (AskOptions<Integer> options :
        List.of(AskOptions.<Integer>ordered(2, LONG), AskOptions.<Integer>unordered(2, LONG))) {
      keeper.questions.clear();
      Probe<Integer> slow = new Probe<>();
      stage(Flux.range(1, 10), options).subscribe(slow);
      slow.awaitSubscription().request(1);
      keeper.awaitQuestions(2);
      keeper.answer(0);
      keeper.answer(1);
      keeper.awaitQuestions(3);
      keeper.answer(2);
      slow.awaitElements(1);
      // A question of another asker, behind all that this one could have asked.
      awaitTurn();
      assertEquals(3, keeper.questions.size());
      slow.awaitSubscription().cancel();
    }
  }

  @Test
  void questionWithoutAReplyFailsTheStream() {
    stage(upstream, AskOptions.ordered(2, Duration.ofMillis(20))).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    upstream.send(1, 2, 3);
    assertInstanceOf(AskTimeoutException.class, probe.awaitFailure());
    upstream.awaitCancel();
    TestSystem.awaitUntil(() -> elementsBack.equals(List.of(3)));
  }

  @Test
  void replyThatComesAfterItsTimeIsGivenBack() {
    stage(upstream, AskOptions.ordered(1, Duration.ofMillis(20))).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    upstream.send(5);
    keeper.awaitQuestions(1);
    assertInstanceOf(AskTimeoutException.class, probe.awaitFailure());
    awaitStageToEnd();
    keeper.answer(0);
    assertEquals(List.of(25), repliesBack);
    assertEquals(deadLettersBefore, system.system().stats().deadLetters());
  }

  @Test
  void secondReplyIsGivenBack() {
    for (AskOptions<Integer> options :
        List.of(AskOptions.<Integer>ordered(2, LONG), AskOptions.<Integer>unordered(2, LONG))) {
      keeper.questions.clear();
      repliesBack.clear();
      Probe<Integer> one = new Probe<>();
      stage(Flux.just(3), options).subscribe(one);
      one.awaitSubscription().request(1);
      keeper.awaitQuestions(1);
      keeper.answer(0);
      keeper.answer(0);
      TestSystem.awaitUntil(one::hasCompleted);
      assertEquals(List.of(9), one.elements);
      assertEquals(List.of(9), repliesBack);
    }
    assertEquals(deadLettersBefore, system.system().stats().deadLetters());
  }

  /** Timeouts, replies and cancels at once; each question is answered by one reply. */
  @Test
  void eachReplyIsPassedOnOrGivenBack() {
    AtomicInteger replies = new AtomicInteger();
    ActorRef<Squares.Ask> slow =
        system
            .executor()
            .spawn(
                () ->
                    (ask, context) ->
                        CompletableFuture.delayedExecutor(ask.number() % 4, TimeUnit.MILLISECONDS)
                            .execute(
                                () -> {
                                  replies.incrementAndGet();
                                  ask.replyTo().tell(ask.number());
                                }),
                ActorOptions.defaults());
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger passed = new AtomicInteger();
    AtomicInteger back = new AtomicInteger();
    for (int round = 0; round < 100; round++) {
      Duration timeout = Duration.ofMillis(1 + round % 4);
      AskOptions<Integer> options =
          round % 2 == 0 ? AskOptions.ordered(8, timeout) : AskOptions.unordered(8, timeout);
      Publisher<Integer> stage =
          Processors.askEach(
              Flux.range(round, 1_000),
              system.executor(),
              slow,
              (number, replyTo) -> {
                asked.incrementAndGet();
                return new Squares.Ask(number, replyTo);
              },
              options.withDiscard(reply -> back.incrementAndGet()),
              DemandOptions.<Integer>batch(8));
      StepVerifier.create(
              Flux.from(stage)
                  .doOnNext(reply -> passed.incrementAndGet())
                  .take(3 + round % 5)
                  .onErrorResume(AskTimeoutException.class, late -> Flux.empty())
                  .then())
          .expectComplete()
          .verify(TestSystem.PATIENCE);
    }
    TestSystem.awaitUntil(() -> replies.get() == asked.get());
    TestSystem.awaitUntil(() -> passed.get() + back.get() == asked.get());
    system.system().stop(slow);
  }

  @Test
  void repliesAfterTheSystemHasClosedAreGivenBack() {
    Keeper kept = new Keeper();
    try (TestSystem closed = TestSystem.open(ExecutorPool.AUTO)) {
      ActorRef<Squares.Ask> asked = closed.executor().spawn(() -> kept, ActorOptions.defaults());
      Processors.<Integer, Squares.Ask, Integer>askEach(
              upstream,
              closed.executor(),
              asked,
              Squares.Ask::new,
              AskOptions.<Integer>unordered(4, LONG).withDiscard(repliesBack::add),
              DemandOptions.<Integer>batch(8))
          .subscribe(probe);
      probe.awaitSubscription().request(1);
      upstream.awaitRequested(8);
      upstream.send(2, 3);
      kept.awaitQuestions(2);
    }
    probe.awaitFailure();
    kept.answer(1);
    kept.answer(0);
    assertEquals(List.of(9, 4), repliesBack);
  }

  @Test
  void stopOfTheActorFailsTheStream() {
    ordered(upstream, 2).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    system.system().stop(actor);
    awaitStageToEnd();
    upstream.send(1);
    assertInstanceOf(ActorStoppedException.class, probe.awaitFailure());
    upstream.awaitCancel();
  }

  @Test
  void failureOfTheUpstreamComesBehindTheReplies() {
    RuntimeException failure = new RuntimeException("made by the test");
    ordered(Flux.range(1, 2).concatWith(Flux.error(failure)), 2).subscribe(probe);
    probe.awaitSubscription().request(10);
    keeper.awaitQuestions(2);
    keeper.answer(1);
    keeper.answer(0);
    assertSame(failure, probe.awaitFailure());
    assertEquals(List.of(1, 4), probe.elements);
  }

  @Test
  void cancelGivesBackElementsAndReplies() {
    ordered(upstream, 2).subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    upstream.send(1, 2, 3);
    keeper.awaitQuestions(2);
    keeper.answer(1);
    awaitTurn();
    probe.awaitSubscription().cancel();
    upstream.awaitCancel();
    assertEquals(List.of(3), elementsBack);
    keeper.answer(0);
    system.system().stop(actor);
    system.awaitQuiescence();
    assertEquals(List.of(1, 4), repliesBack.stream().sorted().toList());
    assertTrue(probe.elements.isEmpty());
    assertEquals(deadLettersBefore, system.system().stats().deadLetters());
  }

  @Test
  void questionThatCannotBeMadeFailsTheStream() {
    RuntimeException failure = new RuntimeException("thrown by the test");
    Processors.<Integer, Squares.Ask, Integer>askEach(
            upstream,
            system.executor(),
            actor,
            (number, replyTo) -> {
              throw failure;
            },
            AskOptions.ordered(2, LONG),
            DemandOptions.<Integer>batch(8).withDiscard(elementsBack::add))
        .subscribe(probe);
    probe.awaitSubscription().request(1);
    upstream.awaitRequested(8);
    upstream.send(1, 2);
    assertSame(failure, probe.awaitFailure());
    upstream.awaitCancel();
    TestSystem.awaitUntil(() -> elementsBack.stream().sorted().toList().equals(List.of(1, 2)));
  }

  private Publisher<Integer> ordered(Publisher<Integer> source, int parallelism) {
    return stage(source, AskOptions.ordered(parallelism, LONG));
  }

  private Publisher<Integer> stage(Publisher<Integer> source, AskOptions<Integer> options) {
    return Processors.askEach(
        source,
        system.executor(),
        actor,
        Squares.Ask::new,
        options.withDiscard(repliesBack::add),
        DemandOptions.<Integer>batch(8).withDiscard(elementsBack::add));
  }

  /** Only the asked actor is left. */
  private void awaitStageToEnd() {
    TestSystem.awaitUntil(() -> system.executor().stats().actors() == 1);
  }

  /** What the test has sent before was handled, and what that has led to. */
  private void awaitTurn() {
    for (int i = 0; i < 2; i++) {
      TestSystem.get(
          actor
              .<Integer>ask(replyTo -> new Squares.Ask(Keeper.TURN, replyTo), TestSystem.PATIENCE)
              .toCompletableFuture());
    }
  }

  /** Keeps questions for the test to answer. */
  private static final class Keeper extends Squares {
    private static final int TURN = -1;

    final List<Ask> questions = new CopyOnWriteArrayList<>();
    volatile boolean answersAtOnce;

    @Override
    public void receive(Ask ask, ActorContext<Ask> context) {
      if (answersAtOnce || ask.number() == TURN) {
        super.receive(ask, context);
      } else {
        questions.add(ask);
      }
    }

    void awaitQuestions(int count) {
      TestSystem.awaitUntil(() -> questions.size() >= count);
    }

    void answer(int index) {
      Ask ask = questions.get(index);
      ask.replyTo().tell(ask.number() * ask.number());
    }
  }
}
