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
import dev.ringlet.executor.ActorExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Birth, failure and death of actors. */
@OnBothDrivers
final class LifecycleTest {
  private final String driver;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private ActorSystem system;

  LifecycleTest(String driver) {
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

  /** Writes down what happens to it; a message is a command. */
  private final class Recorder implements Actor<String> {
    private final String name;
    private int count;

    Recorder(String name) {
      this.name = name;
    }

    @Override
    public void preStart(ActorContext<String> context) {
      events.add(name + " starts");
      if (name.equals("parent")) {
        context.spawn(() -> new Recorder("near"), ActorOptions.named("near"));
        context.spawn(
            () -> new Recorder("far"), ActorOptions.named("far").onExecutor(other(context)));
      }
    }

    @Override
    public void receive(String message, ActorContext<String> context) {
      if (message.equals("fail")) {
        throw new IllegalStateException("as told");
      }
      events.add(name + " gets " + message + " as " + ++count);
    }

    @Override
    public void preRestart(Throwable failure, ActorContext<String> context) {
      events.add(name + " restarts after " + failure.getMessage());
    }

    @Override
    public void postStop(ActorContext<String> context) {
      events.add(name + " stops");
    }
  }

  private dev.ringlet.executor.ActorExecutor other(ActorContext<?> context) {
    return system.executors().get(1 - context.executor().index());
  }

  private long living() {
    return system.stats().executors().stream().mapToLong(each -> each.actors()).sum();
  }

  @Test
  void childrenStopBeforeTheirParentOnWhicheverExecutor() {
    ActorRef<String> parent =
        system.spawn(() -> new Recorder("parent"), ActorOptions.named("parent"));
    Systems.awaitUntil(() -> events.contains("near starts") && events.contains("far starts"));
    assertEquals(3, living());
    system.stop(parent);
    Systems.awaitUntil(() -> events.contains("parent stops"));
    assertEquals(
        List.of("far stops", "near stops"), events.subList(3, 5).stream().sorted().toList());
    assertEquals("parent stops", events.get(5));
    Systems.awaitUntil(() -> living() == 0);
  }

  @Test
  void aFailureStopsTheActorByDefaultAndItsMessagesAreDeadLetters() {
    ActorRef<String> actor = system.spawn(() -> new Recorder("a"), ActorOptions.defaults());
    actor.tell("fail");
    actor.tell("later");
    Systems.awaitUntil(() -> events.contains("a stops"));
    Systems.awaitUntil(() -> system.stats().deadLetters() == 1);
    assertEquals(1, system.stats().failures());
    assertEquals(List.of("a starts", "a stops"), events);
  }

  @Test
  void resumeKeepsTheStateAndTheMailbox() {
    ActorRef<String> actor =
        system.spawn(
            () -> new Recorder("a"), ActorOptions.defaults().withSupervision(Supervision.resume()));
    for (String message : List.of("one", "fail", "two")) {
      actor.tell(message);
    }
    Systems.awaitUntil(() -> events.contains("a gets two as 2"));
    assertEquals(List.of("a starts", "a gets one as 1", "a gets two as 2"), events);
    assertEquals(1, system.stats().failures());
    assertEquals(0, system.stats().restarts());
  }

  @Test
  void restartMakesANewInstanceStopsTheChildrenAndKeepsTheMailbox() {
    ActorRef<String> actor =
        system.spawn(
            () -> new Recorder("parent"),
            ActorOptions.defaults().withSupervision(Supervision.restart()));
    Systems.awaitUntil(() -> events.size() == 3);
    for (String message : List.of("one", "fail", "two")) {
      actor.tell(message);
    }
    Systems.awaitUntil(() -> events.contains("parent gets two as 1"));
    Systems.awaitUntil(() -> events.size() == 11);
    int restart = events.indexOf("parent restarts after as told");
    assertTrue(events.indexOf("near stops") < restart, events.toString());
    assertTrue(events.indexOf("far stops") < restart, events.toString());
    assertEquals("parent starts", events.get(restart + 1));
    assertEquals(1, system.stats().restarts());
    assertEquals(0, system.stats().deadLetters());
    assertEquals(3, living());
  }

  @Test
  void aStartThatFailsStopsTheActorUnlessToldHowToTryAgain() {
    AtomicInteger made = new AtomicInteger();
    system.spawn(
        () -> {
          made.incrementAndGet();
          throw new IllegalStateException("no actor today");
        },
        ActorOptions.named("never").withSupervision(Supervision.restart()));
    Systems.awaitUntil(() -> living() == 0 && system.stats().failures() == 1);
    assertEquals(1, made.get());
    // the name is free again
    Systems.awaitUntil(
        () -> {
          try {
            system.spawn(() -> new Recorder("again"), ActorOptions.named("never"));
            return true;
          } catch (IllegalArgumentException stillTaken) {
            return false;
          }
        });
  }

  @Test
  void namesAreUniqueAmongTheLiving() {
    system.spawn(() -> new Recorder("a"), ActorOptions.named("one"));
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> system.spawn(() -> new Recorder("b"), ActorOptions.named("one")));
    assertTrue(failure.getMessage().contains("\"one\""), failure.getMessage());
    Systems.inTurn(
        system.executors().get(0),
        context -> {
          context.spawn(() -> new Recorder("c"), ActorOptions.named("child"));
          assertThrows(
              IllegalArgumentException.class,
              () -> context.spawn(() -> new Recorder("d"), ActorOptions.named("child")));
        });
  }

  @Test
  void anErrorThatIsNoFatalOneIsAFailureLikeAnyOther() {
    ActorRef<Runnable> actor =
        system.spawn(
            () -> (task, context) -> task.run(),
            ActorOptions.defaults().withSupervision(Supervision.resume()));
    CompletableFuture<String> alive = new CompletableFuture<>();
    actor.tell(
        () -> {
          throw new AssertionError("an error");
        });
    actor.tell(LifecycleTest::recurse);
    actor.tell(() -> alive.complete("alive"));
    assertEquals("alive", Systems.get(alive));
    assertEquals(2, system.stats().failures());
  }

  @SuppressWarnings("InfiniteRecursion")
  private static void recurse() {
    recurse();
  }

  @Test
  void aContextIsForTurnsOnly() {
    CompletableFuture<ActorContext<Object>> kept = new CompletableFuture<>();
    Systems.inTurn(system.executors().get(0), kept::complete);
    ActorContext<Object> context = Systems.get(kept);
    for (Runnable misuse :
        List.<Runnable>of(
            context::self,
            context::stop,
            context::needPreempt,
            context::timers,
            () -> context.yield(() -> {}),
            () -> context.spawn(() -> new Recorder("x"), ActorOptions.defaults()))) {
      IllegalStateException failure = assertThrows(IllegalStateException.class, misuse::run);
      assertTrue(failure.getMessage().contains("outside a turn"), failure.getMessage());
      assertTrue(failure.getMessage().contains("context.self()"), failure.getMessage());
    }
  }

  @Test
  void postStopCanStartNothing() {
    CompletableFuture<IllegalStateException> refused = new CompletableFuture<>();
    ActorRef<Object> actor =
        system.spawn(
            () ->
                new Actor<Object>() {
                  @Override
                  public void receive(Object message, ActorContext<Object> context) {}

                  @Override
                  public void postStop(ActorContext<Object> context) {
                    refused.complete(
                        assertThrows(
                            IllegalStateException.class,
                            () ->
                                context.spawn(
                                    () -> new Recorder("late"), ActorOptions.defaults())));
                  }
                },
            ActorOptions.named("leaving"));
    system.stop(actor);
    // it may have been stopped before it began; then there is no postStop to wait for
    Systems.awaitUntil(() -> living() == 0);
    if (refused.isDone()) {
      assertTrue(Systems.get(refused).getMessage().contains("/test/leaving"));
    }
    assertEquals(List.of(), events);
  }

  @Test
  void onlyChildrenAndActorsOfTheSystemCanBeStopped() {
    ActorRef<String> stranger = system.spawn(() -> new Recorder("s"), ActorOptions.named("s"));
    Systems.inTurn(
        system.executors().get(0),
        context -> assertThrows(IllegalArgumentException.class, () -> context.stop(stranger)));
    try (ActorSystem another = Systems.open(driver, 1)) {
      assertThrows(IllegalArgumentException.class, () -> another.stop(stranger));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              another.spawn(
                  () -> new Recorder("x"),
                  ActorOptions.defaults().onExecutor(system.executors().get(0))));
    }
  }

  @Test
  void timersTickAndEndWithTheirActor() {
    AtomicInteger ticks = new AtomicInteger();
    ActorRef<String> actor =
        system.spawn(
            () ->
                new Actor<String>() {
                  @Override
                  public void preStart(ActorContext<String> context) {
                    context.timers().once("replaced", Duration.ZERO, "first");
                    context.timers().once("replaced", Duration.ofMillis(1), "second");
                    context.timers().once("cancelled", Duration.ZERO, "third");
                    context.timers().cancel("cancelled");
                    context.timers().fixedDelay("tick", Duration.ofMillis(1), "tick");
                  }

                  @Override
                  public void receive(String message, ActorContext<String> context) {
                    if (message.equals("tick")) {
                      ticks.incrementAndGet();
                    } else {
                      events.add(message);
                    }
                  }
                },
            ActorOptions.defaults());
    Systems.awaitUntil(() -> ticks.get() >= 5 && !events.isEmpty());
    assertEquals(List.of("second"), events);
    system.stop(actor);
    Systems.awaitUntil(() -> living() == 0);
    int before = ticks.get();
    Systems.get(delay(Duration.ofMillis(20)));
    assertEquals(before, ticks.get());
    assertEquals(0, system.stats().deadLetters());
  }

  @Test
  void aTickThatWasQueuedWhenItsTimerWasCancelledIsNotDelivered() {
    CompletableFuture<String> end = new CompletableFuture<>();
    system.spawn(
        () ->
            new Actor<String>() {
              @Override
              public void preStart(ActorContext<String> context) {
                context.timers().once("a", Duration.ofNanos(1), "cancel b");
                context.timers().once("b", Duration.ofNanos(1), "b came");
                context.timers().once("c", Duration.ofMillis(20), "end");
              }

              @Override
              public void receive(String message, ActorContext<String> context) {
                events.add(message);
                if (message.equals("cancel b")) {
                  context.timers().cancel("b");
                } else if (message.equals("b came")) {
                  context.timers().cancel("a");
                } else {
                  end.complete(message);
                }
              }
            },
        ActorOptions.defaults());
    Systems.get(end);
    assertEquals(2, events.size(), events.toString());
  }

  private CompletableFuture<Void> delay(Duration time) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    system
        .executors()
        .get(0)
        .spawn(
            () ->
                new Actor<Void>() {
                  @Override
                  public void preStart(ActorContext<Void> context) {
                    context.io().delay(time).toCompletionStage().thenAccept(over::complete);
                  }

                  @Override
                  public void receive(Void message, ActorContext<Void> context) {}
                },
            ActorOptions.defaults());
    return over;
  }

  /**
   * Its executor looks for urgent work all the time, also at the end of the parent's activation.
   */
  @Test
  void aParentStopsThoughItsChildStopsWhileItLooks() throws InterruptedException {
    ActorExecutor here = system.executors().get(0);
    ActorOptions there = ActorOptions.defaults().onExecutor(system.executors().get(1));
    AtomicBoolean over = new AtomicBoolean();
    ActorRef<String> gone = here.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    Thread urgent =
        new Thread(
            () -> {
              while (!over.get()) {
                system.stop(gone);
              }
            });
    urgent.start();
    try {
      for (int round = 0; round < 3000; round++) {
        CompletableFuture<String> started = new CompletableFuture<>();
        CompletableFuture<String> stopped = new CompletableFuture<>();
        ActorRef<String> parent =
            here.spawn(() -> new ParentOfOne(there, started, stopped), ActorOptions.defaults());
        Systems.get(started);
        system.stop(parent);
        Systems.get(stopped);
      }
    } finally {
      over.set(true);
      urgent.join();
    }
  }

  private record ParentOfOne(
      ActorOptions place, CompletableFuture<String> started, CompletableFuture<String> stopped)
      implements Actor<String> {
    @Override
    public void preStart(ActorContext<String> context) {
      context.spawn(
          () ->
              new Actor<String>() {
                @Override
                public void preStart(ActorContext<String> own) {
                  started.complete("started");
                }

                @Override
                public void receive(String message, ActorContext<String> own) {}
              },
          place);
    }

    @Override
    public void receive(String message, ActorContext<String> context) {}

    @Override
    public void postStop(ActorContext<String> context) {
      stopped.complete("stopped");
    }
  }
}
