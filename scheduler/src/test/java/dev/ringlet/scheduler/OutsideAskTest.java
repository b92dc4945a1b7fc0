package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.actor.RingletException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that are no executor's ask actors. */
@OnBothDrivers
final class OutsideAskTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final String driver;
  private ActorSystem system;

  OutsideAskTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 2);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private record Ask(int number, ActorRef<Integer> replyTo) {}

  private static CompletionStage<Integer> ask(ActorRef<Ask> actor, int number, Duration timeout) {
    return actor.ask(replyTo -> new Ask(number, replyTo), timeout);
  }

  private static Throwable failure(CompletionStage<?> stage) {
    return assertThrows(CompletionException.class, () -> Systems.get(stage)).getCause();
  }

  private boolean keepsTime() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("ringlet-test-questions"));
  }

  @Test
  void theFirstQuestionStartsTheClockAndCloseEndsIt() {
    ActorRef<Ask> actor =
        system.spawn(
            () -> (ask, context) -> ask.replyTo().tell(ask.number()), ActorOptions.defaults());
    assertFalse(keepsTime());
    assertEquals(1, Systems.get(ask(actor, 1, LONG)));
    assertTrue(keepsTime());
    system.close();
    assertFalse(keepsTime());
  }

  @Test
  void aHangingExecutorDoesNotHoldUpTheTimeout() {
    CountDownLatch gate = new CountDownLatch(1);
    ActorRef<Ask> hanging =
        system.spawn(() -> (ask, context) -> gate.await(), ActorOptions.defaults());
    // Once while the clock starts, and once while it sleeps.
    assertInstanceOf(AskTimeoutException.class, failure(ask(hanging, 1, SHORT)));
    assertInstanceOf(AskTimeoutException.class, failure(ask(hanging, 2, SHORT)));
    gate.countDown();
  }

  @Test
  void aLongQuestionDoesNotDelayAShortOne() {
    ActorRef<Ask> silent = system.spawn(() -> (ask, context) -> {}, ActorOptions.defaults());
    CompletionStage<Integer> first = ask(silent, 1, LONG);
    assertInstanceOf(AskTimeoutException.class, failure(ask(silent, 2, SHORT)));
    assertFalse(first.toCompletableFuture().isDone());
  }

  @Test
  void whatIsNotAnsweredWhenTheSystemEndsFailsThen() {
    ActorRef<Ask> silent = system.spawn(() -> (ask, context) -> {}, ActorOptions.named("silent"));
    CompletionStage<Integer> before = ask(silent, 1, LONG);
    system.close();
    RingletException ended = assertInstanceOf(RingletException.class, failure(before));
    assertEquals("system test has ended before /test/silent answered a Ask", ended.getMessage());
    assertInstanceOf(ActorStoppedException.class, failure(ask(silent, 2, LONG)));
  }

  /** Dependents of a timeout run on the clock's thread, and would stop all other timeouts. */
  @Test
  void whoHearsOfATimeoutMustNotWaitForAnotherQuestion() {
    ActorRef<Ask> silent = system.spawn(() -> (ask, context) -> {}, ActorOptions.defaults());
    CompletionStage<Integer> again =
        ask(silent, 1, SHORT)
            .exceptionally(timeout -> ask(silent, 2, LONG).toCompletableFuture().join());
    assertInstanceOf(IllegalStateException.class, failure(again));
    assertInstanceOf(AskTimeoutException.class, failure(ask(silent, 3, SHORT)));
  }

  /** Half of the questions are answered, some of them about when their time is over. */
  @Test
  void eachQuestionIsSettledOnce() throws Exception {
    int threads = 4;
    long questions = 10_000;
    long seed = System.nanoTime();
    ActorRef<Ask> moody =
        system.spawn(
            () ->
                (ask, context) -> {
                  if (ask.number() % 2 == 0) {
                    ask.replyTo().tell(ask.number());
                  } else if (ask.number() % 3 == 0) {
                    Ask again = new Ask(ask.number() + 1, ask.replyTo());
                    context.timers().once(Duration.ofMillis(2), again);
                  }
                },
            ActorOptions.defaults());
    AtomicLong replies = new AtomicLong();
    AtomicLong timeouts = new AtomicLong();
    List<CompletableFuture<?>> settled = new ArrayList<>();
    List<Thread> askers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Random random = new Random(seed + t);
      List<CompletableFuture<?>> own = new ArrayList<>();
      Thread asker =
          new Thread(
              () -> {
                for (int i = 0; i < questions; i++) {
                  Duration timeout = Duration.ofNanos(1 + random.nextInt(4_000_000));
                  own.add(
                      ask(moody, random.nextInt(1000), timeout)
                          .handle(
                              (reply, failure) ->
                                  (failure == null ? replies : timeouts).incrementAndGet())
                          .toCompletableFuture());
                }
                synchronized (settled) {
                  settled.addAll(own);
                }
              });
      askers.add(asker);
      asker.start();
    }
    for (Thread asker : askers) {
      asker.join();
    }
    Systems.get(CompletableFuture.allOf(settled.toArray(new CompletableFuture<?>[0])));
    assertEquals(threads * questions, replies.get() + timeouts.get(), "seed " + seed);
    assertTrue(timeouts.get() > 0, "seed " + seed);
  }
}
