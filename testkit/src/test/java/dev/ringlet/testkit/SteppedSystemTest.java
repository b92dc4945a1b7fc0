package dev.ringlet.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.AskTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A whole system, by hand. */
final class SteppedSystemTest {
  private final List<String> events = new ArrayList<>();

  @Test
  void nothingHappensUntilItIsTold() {
    try (SteppedSystem stepped = SteppedSystem.create(1)) {
      ActorRef<String> actor =
          stepped.system().spawn(() -> (message, context) -> events.add(message), named("a"));
      actor.tell("one");
      assertEquals(List.of(), events);
      stepped.runUntilIdle();
      assertEquals(List.of("one"), events);
      assertFalse(stepped.step());
    }
  }

  private static ActorOptions named(String name) {
    return ActorOptions.named(name);
  }

  @Test
  void timersFireInOrderWhenTimePasses() {
    try (SteppedSystem stepped = SteppedSystem.create(2)) {
      for (int executor = 0; executor < 2; executor++) {
        int number = executor;
        stepped
            .system()
            .executors()
            .get(executor)
            .spawn(() -> new Ticking(number), ActorOptions.defaults());
      }
      stepped.advance(Duration.ofMinutes(59));
      assertEquals(List.of(), events);
      stepped.advance(Duration.ofMinutes(61));
      assertEquals(List.of("0 after an hour", "1 after an hour", "0 delay", "1 delay"), events);
    }
  }

  private final class Ticking implements Actor<String> {
    private final int number;

    Ticking(int number) {
      this.number = number;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      context.timers().once("hour", Duration.ofHours(1), "after an hour");
      context.pipe(context.io().delay(Duration.ofMinutes(90)), (nothing, failure) -> "delay");
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      events.add(number + " " + message);
    }
  }

  @Test
  void questionsTimeOutByTheTestsClock() {
    try (SteppedSystem stepped = SteppedSystem.create(1)) {
      ActorRef<Object> silent =
          stepped.system().spawn(() -> (message, context) -> {}, named("silent"));
      CompletableFuture<Object> answer =
          silent.ask(replyTo -> replyTo, Duration.ofDays(1)).toCompletableFuture();
      stepped.advance(Duration.ofHours(23));
      assertFalse(answer.isDone());
      stepped.advance(Duration.ofHours(2));
      assertInstanceOf(
          AskTimeoutException.class,
          assertThrows(CompletionException.class, answer::join).getCause());
    }
  }

  @Test
  void tasksAndActorsOfOtherExecutorsAnswer() {
    try (SteppedSystem stepped = SteppedSystem.create(3)) {
      ActorRef<ActorRef<Integer>> far =
          stepped
              .system()
              .executors()
              .get(2)
              .spawn(
                  () -> (replyTo, context) -> replyTo.tell(context.executor().index()),
                  ActorOptions.defaults());
      CompletableFuture<Integer> answer =
          stepped
              .system()
              .submit(context -> far.<Integer>ask(replyTo -> replyTo, Duration.ofSeconds(1)))
              .toCompletionStage()
              .thenCompose(stage -> stage)
              .toCompletableFuture();
      stepped.runUntilIdle();
      assertEquals(2, answer.join());
    }
  }

  @Test
  void offloadedWorkRunsOnTheTestsThreadWhenItIsToldTo() {
    try (SteppedSystem stepped = SteppedSystem.create(1)) {
      ActorRef<String> actor =
          stepped
              .system()
              .spawn(
                  () ->
                      (message, context) -> {
                        if (message.equals("go")) {
                          context.offload(
                              () -> "done on " + Thread.currentThread().getName(),
                              (value, failure) -> value);
                        } else {
                          events.add(message);
                        }
                      },
                  named("blocking"));
      actor.tell("go");
      assertEquals(List.of(), events);
      stepped.runUntilIdle();
      assertEquals(List.of("done on " + Thread.currentThread().getName()), events);
    }
  }

  @Test
  void theEndStopsActorsLeafFirst() {
    SteppedSystem stepped = SteppedSystem.create(1);
    stepped.system().spawn(() -> new Parent(), named("parent"));
    stepped.runUntilIdle();
    stepped.close();
    stepped.close();
    assertEquals(List.of("child", "parent"), events);
    assertThrows(
        IllegalStateException.class,
        () -> stepped.system().spawn(() -> (message, context) -> {}, named("late")));
  }

  private final class Parent implements Actor<String> {
    @Override
    public void preStart(ActorContext<String> context) {
      context.spawn(
          () ->
              new Actor<String>() {
                @Override
                public void receive(String message, ActorContext<String> child) {}

                @Override
                public void postStop(ActorContext<String> child) {
                  events.add("child");
                }
              },
          ActorOptions.defaults());
    }

    @Override
    public void receive(String message, ActorContext<String> context) {}

    @Override
    public void postStop(ActorContext<String> context) {
      events.add("parent");
    }
  }

  @Test
  void anEndlessLoopIsFound() {
    try (SteppedSystem stepped = SteppedSystem.create(1)) {
      ActorRef<String> loop =
          stepped
              .system()
              .spawn(
                  () ->
                      (message, context) -> {
                        if (events.isEmpty()) {
                          context.self().tell(message);
                        }
                      },
                  named("loop"));
      loop.tell("go");
      String message =
          assertThrows(IllegalStateException.class, stepped::runUntilIdle).getMessage();
      assertTrue(message.contains("without end"), message);
      events.add("enough");
    }
  }
}
