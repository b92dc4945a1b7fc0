package dev.ringlet.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.Supervision;
import dev.ringlet.actor.TimerHandle;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** One actor by hand. */
final class BehaviorRunTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<Object> got = new ArrayList<>();

  @FunctionalInterface
  private interface Code extends Consumer<ActorContext<Object>> {}

  /** Runs code, notes the rest. */
  private final class Scripted implements Actor<Object> {
    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof Code code) {
        code.accept(context);
      } else {
        got.add(message);
      }
    }
  }

  private BehaviorRun<Object> run() {
    return BehaviorRun.of(Scripted::new);
  }

  private static void in(BehaviorRun<Object> run, Code code) {
    run.tell(code);
    if (run.failure() != null) {
      throw new AssertionError(run.failure());
    }
  }

  @Test
  void aMessageIsHandledWhenTellReturns() {
    try (BehaviorRun<Object> run = run()) {
      run.tell("one");
      assertEquals(List.of("one"), got);
      assertEquals(List.of(), run.takeEffects());
    }
  }

  @Test
  void aQuestionHasItsAnswerAtOnce() {
    try (BehaviorRun<Object> run = run()) {
      assertEquals("answer", run.<String>ask(replyTo -> (Code) context -> replyTo.tell("answer")));
      assertThrows(AssertionError.class, () -> run.<String>ask(replyTo -> "not answered"));
    }
  }

  @Test
  void childrenAreSpawnedAndRecorded() {
    try (BehaviorRun<Object> run = run()) {
      ActorOptions child = ActorOptions.named("child");
      ActorOptions pool = ActorOptions.named("pool");
      ActorOptions group = ActorOptions.named("group");
      List<ActorRef<Object>> made = new ArrayList<>();
      in(
          run,
          context -> {
            made.add(context.spawn(Scripted::new, child));
            made.add(context.spawnPool(2, i -> new Scripted(), Routing.roundRobin(), pool));
            made.add(context.spawnGroup(List.of(made.get(0)), Routing.random(), group));
            context.watch(made.get(0), "gone");
            context.watch(made.get(1), "gone too");
            context.unwatch(made.get(1));
            made.get(1).tell("to the pool");
          });
      String path = "/stepped/actor/child";
      assertEquals(
          List.of(
              new Effect.Spawned(path, child),
              new Effect.Spawned("/stepped/actor/pool", pool),
              new Effect.Spawned("/stepped/actor/group", group),
              new Effect.Watched(path, "gone"),
              new Effect.Watched("/stepped/actor/pool", "gone too"),
              new Effect.Unwatched("/stepped/actor/pool")),
          run.takeEffects());
      in(run, context -> context.stop(made.get(0)));
      assertEquals(List.of(new Effect.Stopped(path)), run.takeEffects());
      assertEquals(List.of("to the pool", "gone"), got);
      in(run, ActorContext::stop);
      assertEquals(List.of(new Effect.Stopped("/stepped/actor")), run.takeEffects());
      assertFalse(run.isAlive());
    }
  }

  @Test
  void timersTickWhenTimePasses() {
    try (BehaviorRun<Object> run = run()) {
      List<TimerHandle> handles = new ArrayList<>();
      in(
          run,
          context -> {
            context.timers().once("once", SECOND, "one");
            context.timers().fixedDelay("delay", SECOND, "two");
            context.timers().fixedRate("rate", SECOND, "three");
            handles.add(context.timers().once(SECOND.multipliedBy(10), "never"));
            context.receiveTimeout(SECOND.multipliedBy(5), "idle");
          });
      assertEquals(
          List.of(
              new Effect.TimerStarted("once", SECOND, "one", Effect.Repetition.ONCE),
              new Effect.TimerStarted("delay", SECOND, "two", Effect.Repetition.FIXED_DELAY),
              new Effect.TimerStarted("rate", SECOND, "three", Effect.Repetition.FIXED_RATE),
              new Effect.TimerStarted(
                  null, SECOND.multipliedBy(10), "never", Effect.Repetition.ONCE),
              new Effect.ReceiveTimeout(SECOND.multipliedBy(5), "idle")),
          run.takeEffects());
      run.advance(SECOND.multipliedBy(2));
      assertEquals(List.of("one", "two", "three", "two", "three"), got);
      in(
          run,
          context -> {
            context.timers().cancel("delay");
            context.timers().cancel("rate");
            assertTrue(handles.get(0).cancel());
          });
      got.clear();
      run.advance(SECOND.multipliedBy(6));
      assertEquals(List.of("idle"), got);
      in(run, ActorContext::cancelReceiveTimeout);
      assertEquals(
          List.of(
              new Effect.TimerCancelled("delay"),
              new Effect.TimerCancelled("rate"),
              new Effect.TimerCancelled(null),
              new Effect.ReceiveTimeout(Duration.ZERO, null)),
          run.takeEffects());
    }
  }

  @Test
  void behaviourAndStashAreRecorded() {
    try (BehaviorRun<Object> run = run()) {
      Actor<Object> next =
          (message, context) -> {
            if (message.equals("go")) {
              context.unstashAll();
              context.become(new Scripted());
            } else {
              context.stash(message);
            }
          };
      in(run, context -> context.become(next));
      run.tell("one");
      run.tell("two");
      assertEquals(
          List.of(new Effect.Became(next), new Effect.Stashed("one"), new Effect.Stashed("two")),
          run.takeEffects());
      run.tell("go");
      assertEquals(List.of("one", "two"), got);
      assertEquals(new Effect.Unstashed(), run.takeEffects().get(0));
    }
  }

  @Test
  void questionsOfTheActorAreAnsweredByProbes() {
    try (BehaviorRun<Object> run = run()) {
      ActorProbe<ActorRef<String>> other = run.probe();
      in(
          run,
          context ->
              context.<ActorRef<String>, String>ask(
                  other.ref(),
                  replyTo -> replyTo,
                  SECOND,
                  (reply, failure) -> failure == null ? reply : failure));
      Effect.Asked asked = assertInstanceOf(Effect.Asked.class, run.takeEffects().get(0));
      assertEquals(other.ref().path(), asked.path());
      assertEquals(SECOND, asked.timeout());
      other.receive().tell("answer");
      run.runUntilIdle();
      assertEquals(List.of("answer"), got);
    }
  }

  @Test
  void workThatBlocksIsDoneAtOnce() {
    try (BehaviorRun<Object> run = run()) {
      in(
          run,
          context -> {
            context.offload(() -> 7, (value, failure) -> value);
            context.<Integer>offload(
                () -> {
                  throw new IOException("wanted by the test");
                },
                (value, failure) -> failure.getMessage());
          });
      assertEquals(List.of(7, "wanted by the test"), got);
      assertEquals(List.of(new Effect.Offloaded(), new Effect.Offloaded()), run.takeEffects());
    }
  }

  @Test
  void theRestIsRecordedToo() {
    try (BehaviorRun<Object> run = run()) {
      PriorityClass other = new PriorityClass("other", Shares.of(10), Latency.notImportant());
      in(
          run,
          context -> {
            context.changePriorityClass(other);
            context.pipe(CompletableFuture.completedFuture("stage"), (value, failure) -> value);
            context.pipe(context.io().delay(SECOND), (nothing, failure) -> "delay");
            context.subscribe(context.io().ticks(SECOND), tick -> "tick", 1);
            context.yield(() -> got.add("rest"));
          });
      run.advance(SECOND);
      in(run, context -> context.yieldQueue(() -> got.add("rest of the queue")));
      in(run, context -> context.await(context.io().delay(SECOND), (n, e) -> got.add("awaited")));
      run.advance(SECOND);
      assertEquals(List.of("rest", "stage", "delay", "tick", "rest of the queue", "awaited"), got);
      List<Effect> effects = run.takeEffects();
      assertEquals(
          List.of(new Effect.ClassChanged(other), new Effect.Piped("stage")),
          effects.subList(0, 2));
      assertEquals(
          List.of(
              Effect.Piped.class,
              Effect.Subscribed.class,
              Effect.Yielded.class,
              Effect.Yielded.class,
              Effect.Awaited.class),
          effects.subList(2, effects.size()).stream().<Object>map(Effect::getClass).toList());
    }
  }

  @Test
  void failuresAreSupervisedAndTold() {
    try (BehaviorRun<Object> run =
        BehaviorRun.of(
            Scripted::new, ActorOptions.named("actor").withSupervision(Supervision.restart()))) {
      assertNull(run.failure());
      IllegalStateException failure = new IllegalStateException("wanted by the test");
      run.tell(
          (Code)
              context -> {
                throw failure;
              });
      assertEquals(failure, run.failure());
      assertTrue(run.isAlive());
      assertEquals(1, run.stepped().system().stats().restarts());
    }
  }
}
