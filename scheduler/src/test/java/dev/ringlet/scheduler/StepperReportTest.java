package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.Stepping;
import dev.ringlet.spi.SystemStepper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a system that is stepped tells of itself. */
final class StepperReportTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private long now;
  private final SystemStepper stepper =
      new DefaultSystemProvider()
          .createStepped("stepped", ExecutorPool.of(2), Stepping.on(() -> now));

  /** Addresses to answer to. */
  private final List<ActorRef<String>> unanswered = new ArrayList<>();

  /** Answers when the test does. */
  private final ActorRef<ActorRef<String>> silent =
      spawn(0, "silent", (replyTo, context) -> unanswered.add(replyTo));

  private <M> ActorRef<M> spawn(int executor, String name, Actor<M> actor) {
    return stepper.system().executors().get(executor).spawn(() -> actor, ActorOptions.named(name));
  }

  private void run() {
    while (stepper.step()) {
      // Goes on.
    }
  }

  @AfterEach
  void close() {
    stepper.system().close();
  }

  @Test
  void questionsAreOpenUntilTheyAreAnsweredOrTheirTimeIsOver() {
    CompletableFuture<String> outside =
        silent.<String>ask(replyTo -> replyTo, SECOND).toCompletableFuture();
    ActorRef<String> asker =
        spawn(
            1,
            "asker",
            (message, context) -> {
              if (message.equals("ask")) {
                context.<ActorRef<String>, String>ask(
                    silent, replyTo -> replyTo, SECOND, (answer, failure) -> "answered");
              }
            });
    asker.tell("ask");
    run();
    assertEquals(2, unanswered.size());
    List<String> open = stepper.openQuestions();
    assertEquals(2, open.size());
    open.forEach(question -> assertTrue(question.endsWith(" to /stepped/silent"), question));

    unanswered.forEach(replyTo -> replyTo.tell("answer"));
    run();
    assertEquals("answer", outside.join());
    assertEquals(List.of(), stepper.openQuestions());

    asker.tell("ask");
    run();
    assertEquals(1, stepper.openQuestions().size());
    now += SECOND.toNanos();
    run();
    assertEquals(List.of(), stepper.openQuestions());
  }

  @Test
  void watchesAreUnansweredUntilTheWatcherIsTold() {
    ActorRef<String> mortal = spawn(0, "mortal", (message, context) -> context.stop());
    ActorRef<String> watcher =
        spawn(
            1,
            "watcher",
            (message, context) -> {
              if (message.equals("watch")) {
                context.watch(mortal, "over");
              }
            });
    watcher.tell("watch");
    run();
    assertEquals(List.of(), stepper.unansweredWatches());
    mortal.tell("stop");
    while (stepper.step(0)) {
      // The other one has no turn.
    }
    assertEquals(List.of("/stepped/watcher watches /stepped/mortal"), stepper.unansweredWatches());
    run();
    assertEquals(List.of(), stepper.unansweredWatches());
  }

  @Test
  void aStepTellsWhoseTurnsItWas() {
    ActorRef<String> other = spawn(1, "other", (message, context) -> {});
    run();
    assertEquals(List.of(), stepper.ran(1));
    other.tell("one");
    silent.tell(other);
    assertTrue(stepper.step(1));
    assertEquals(List.of("/stepped/other"), stepper.ran(1));
    assertTrue(stepper.step(0));
    assertEquals(List.of("/stepped/silent"), stepper.ran(0));
    assertThrows(IndexOutOfBoundsException.class, () -> stepper.ran(2));
  }
}
