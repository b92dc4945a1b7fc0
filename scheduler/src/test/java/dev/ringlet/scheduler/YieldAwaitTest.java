package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.Supervision;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns of several parts: giving the core back, and waiting with the mailbox suspended. */
@OnBothDrivers
final class YieldAwaitTest {
  private final String driver;

  /** Only touched by the one executor, and read after it has told the end. */
  private final List<String> events = new ArrayList<>();

  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private ActorSystem system;

  YieldAwaitTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 1);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ActorRef<String> spawn(Actor<String> actor) {
    return system.spawn(() -> actor, ActorOptions.defaults());
  }

  private void receive(String message) {
    events.add(message);
    if (message.equals("end")) {
      end.complete(null);
    }
  }

  @Test
  void theRestOfATurnComesBeforeTheNextMessageAndAfterOtherActors() {
    ActorRef<String> other = spawn((message, context) -> receive(message));
    ActorRef<String> yielding =
        spawn(
            (message, context) -> {
              if (message.equals("go")) {
                events.add("part one");
                other.tell("other");
                context.yield(() -> events.add("part two"));
              } else {
                receive(message);
              }
            });
    system
        .executors()
        .get(0)
        .execute(
            () -> {
              yielding.tell("go");
              yielding.tell("end");
            });
    Systems.get(end);
    assertEquals(List.of("part one", "other", "part two", "end"), events);
  }

  @Test
  void anActorThatYieldsAsOftenAsItMustLetsOthersIn() {
    int[] rounds = new int[1];
    CompletableFuture<Void> stop = new CompletableFuture<>();
    spawn(
            new Actor<>() {
              @Override
              public void receive(String message, ActorContext<String> context) {
                work(context);
              }

              private void work(ActorContext<String> context) {
                while (!stop.isDone()) {
                  rounds[0]++;
                  if (context.needPreempt()) {
                    context.yield(() -> work(context));
                    return;
                  }
                }
              }
            })
        .tell("go");
    ActorRef<String> pinged = spawn((message, context) -> receive(message));
    ActorRef<String> asked =
        system.spawn(() -> (message, context) -> pinged.tell(message), ActorOptions.defaults());
    for (int i = 0; i < 100; i++) {
      asked.tell("ping");
    }
    asked.tell("end");
    Systems.get(end);
    stop.complete(null);
    assertEquals(101, events.size());
    assertTrue(rounds[0] > 0);
  }

  @Test
  void nothingIsHandledUntilWhatIsAwaitedIsThere() {
    ActorRef<String> other = spawn((message, context) -> receive("other gets " + message));
    ActorRef<String> waiting =
        spawn(
            (message, context) -> {
              if (message.equals("wait")) {
                other.tell("before");
                context.await(
                    context.io().delay(Duration.ofMillis(5)),
                    (nothing, failure) -> {
                      events.add("awaited, failure " + failure);
                      context.await(
                          context.io().delay(Duration.ofMillis(1)),
                          (again, none) -> events.add("awaited again"));
                    });
              } else {
                receive(message);
              }
            });
    waiting.tell("wait");
    waiting.tell("after");
    waiting.tell("end");
    Systems.get(end);
    assertEquals(
        List.of("other gets before", "awaited, failure null", "awaited again", "after", "end"),
        events);
  }

  @Test
  void aTimeoutEndsTheWait() {
    ActorRef<String> waiting =
        spawn(
            (message, context) ->
                context.await(
                    context.io().delay(Duration.ofDays(1)).timeout(Duration.ofMillis(5)),
                    (nothing, failure) -> {
                      events.add(failure == null ? "no failure" : failure.getMessage());
                      end.complete(null);
                    }));
    waiting.tell("wait");
    Systems.get(end);
    assertEquals(1, events.size());
    assertTrue(events.get(0).contains("ETIMEDOUT"), events.get(0));
  }

  @Test
  void stopEndsAWaitAndTheRestDoesNotRun() {
    CompletableFuture<Void> waits = new CompletableFuture<>();
    ActorRef<String> waiting =
        spawn(
            new Actor<>() {
              @Override
              public void receive(String message, ActorContext<String> context) {
                context.await(
                    context.io().delay(Duration.ofDays(1)), (nothing, failure) -> receive2());
                waits.complete(null);
              }

              private void receive2() {
                events.add("the rest ran");
              }

              @Override
              public void postStop(ActorContext<String> context) {
                end.complete(null);
              }
            });
    waiting.tell("wait");
    Systems.get(waits);
    system.stop(waiting);
    Systems.get(end);
    assertEquals(List.of(), events);
    Systems.awaitUntil(() -> system.stats().executors().get(0).io().inFlight() <= 1);
  }

  @Test
  void whatSomebodyElseCompletesTooLateDoesNoHarm() throws InterruptedException {
    List<CompletableFuture<String>> stages =
        List.of(new CompletableFuture<>(), new CompletableFuture<>());
    CompletableFuture<Void> begun = new CompletableFuture<>();
    ActorRef<String> piping =
        spawn(
            new Actor<>() {
              @Override
              public void preStart(ActorContext<String> context) {
                stages.forEach(
                    stage -> context.pipe(stage, (value, failure) -> String.valueOf(value)));
                begun.complete(null);
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                YieldAwaitTest.this.receive(message);
              }

              @Override
              public void postStop(ActorContext<String> context) {
                end.complete(null);
              }
            });
    Systems.get(begun);
    system.stop(piping);
    Systems.get(end);
    Thread other = new Thread(() -> stages.get(0).complete("after the actor"));
    other.start();
    other.join();
    Systems.inTurn(system.executors().get(0), context -> {}); // comes after the outcome
    system.close();
    assertTrue(stages.get(1).complete("after the system"));
    assertEquals(0, system.stats().failures());
    assertEquals(List.of(), events);
  }

  @Test
  void aTurnYieldsOrAwaitsOnce() {
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          IoOp<Void> never = context.io().delay(Duration.ofDays(1));
          context.yield(() -> {});
          IllegalStateException failure =
              assertThrows(IllegalStateException.class, () -> context.yield(() -> {}));
          assertTrue(failure.getMessage().contains("already"), failure.getMessage());
          assertThrows(
              IllegalStateException.class, () -> context.await(never, (nothing, none) -> {}));
        });
  }

  @Test
  void anAwaitThatIsRefusedLeavesTheActorRunning() {
    ActorRef<String> actor =
        spawn(
            (message, context) -> {
              if (message.equals("refused")) {
                IoOp<Void> op = context.io().delay(Duration.ofMillis(1));
                op.toCompletionStage();
                assertThrows(
                    IllegalStateException.class, () -> context.await(op, (nothing, none) -> {}));
              }
              receive(message);
            });
    actor.tell("refused");
    actor.tell("end");
    Systems.get(end);
    assertEquals(List.of("refused", "end"), events);
  }

  @Test
  void aTurnThatFailsHasNoRest() {
    ActorRef<String> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  if (message.equals("yield")) {
                    context.yield(() -> events.add("rest of yield"));
                    throw new IllegalStateException("after yield");
                  }
                  if (message.equals("await")) {
                    context.await(
                        context.io().delay(Duration.ofDays(1)),
                        (nothing, failure) -> events.add("rest of await"));
                    throw new IllegalStateException("after await");
                  }
                  receive(message);
                },
            ActorOptions.defaults().withSupervision(Supervision.resume()));
    for (String message : List.of("yield", "await", "end")) {
      actor.tell(message);
    }
    Systems.get(end);
    assertEquals(List.of("end"), events);
    assertEquals(2, system.stats().failures());
  }

  @Test
  void pipedOutcomesAreMessagesInTheActorsOwnTurn() {
    CompletableFuture<Integer> stage = new CompletableFuture<>();
    CompletableFuture<Integer> failing = new CompletableFuture<>();
    ActorRef<String> actor =
        spawn(
            (message, context) -> {
              if (message.equals("go")) {
                context.pipe(
                    context.io().delay(Duration.ofMillis(1)), (nothing, failure) -> "delay over");
                context.pipe(stage, (value, failure) -> "value " + value);
                context.pipe(
                    failing.thenApply(value -> value + 1),
                    (value, failure) -> "failure " + failure.getMessage());
              } else {
                receive(message);
                if (events.size() == 3) {
                  end.complete(null);
                }
              }
            });
    actor.tell("go");
    stage.complete(7);
    failing.completeExceptionally(new IllegalStateException("by hand"));
    Systems.get(end);
    assertEquals(
        List.of("delay over", "failure by hand", "value 7"), events.stream().sorted().toList());
  }

  @Test
  void anOperationIsStartedOnceAndByItsOwnExecutor() {
    try (ActorSystem another = Systems.open(driver, 1)) {
      CompletableFuture<IoOp<Void>> given = new CompletableFuture<>();
      Systems.inTurn(
          another.executors().get(0),
          context -> given.complete(context.io().delay(Duration.ofMillis(1))));
      IoOp<Void> foreign = Systems.get(given);
      Systems.inTurn(
          system.executors().get(0),
          context -> {
            IllegalStateException failure =
                assertThrows(
                    IllegalStateException.class,
                    () -> context.await(foreign, (nothing, none) -> {}));
            assertTrue(failure.getMessage().contains("context.io()"), failure.getMessage());
          });
      Systems.get(foreign.toCompletionStage());
      assertThrows(IllegalStateException.class, foreign::toCompletionStage);
    }
  }

  @Test
  void aStageOfAnOperationIsCompletedOnTheHomeExecutor() {
    CompletableFuture<Boolean> home = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          var executor = context.executor();
          context
              .io()
              .delay(Duration.ofMillis(1))
              .toCompletionStage()
              .thenRun(() -> home.complete(executor.isCurrent()));
        });
    assertTrue(Systems.get(home));
  }

  @Test
  void cancelFromAnyThreadEndsAnOperation() {
    CompletableFuture<IoOp<Void>> given = new CompletableFuture<>();
    Systems.inTurn(
        system.executors().get(0),
        context -> given.complete(context.io().delay(Duration.ofDays(1))));
    IoOp<Void> op = Systems.get(given);
    CompletableFuture<Void> stage = op.toCompletionStage().toCompletableFuture();
    op.cancel();
    Throwable failure = Systems.get(stage.handle((nothing, thrown) -> thrown));
    assertTrue(failure instanceof IoException io && io.isCancelled(), String.valueOf(failure));
  }
}
