package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.actor.Routing;
import dev.ringlet.actor.Supervision;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.SystemStepper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A system that is stepped: on one thread it must be what it is on many, but for their order. */
final class SteppingTest extends SteppingRig {
  private static ExecutorStats stats(SystemStepper stepper, int executor) {
    return stepper.system().stats().executors().get(executor);
  }

  private ActorRef<String> logging(ActorExecutor executor, String name) {
    return executor.spawn(
        () -> (message, context) -> events.add(name + " " + message), ActorOptions.named(name));
  }

  @Test
  void executorsReachEachOtherThroughTheirInboxes() {
    SystemStepper stepper = make(TWO);
    List<ActorExecutor> executors = stepper.system().executors();
    ActorRef<String> far = logging(executors.get(1), "far");
    ActorRef<String> near =
        executors
            .get(0)
            .spawn(
                () ->
                    (message, context) -> {
                      events.add("near " + message);
                      far.tell(message);
                    },
                ActorOptions.named("near"));
    near.tell("hello");
    assertEquals(2, stepper.executors());
    long before = stats(stepper, 1).remoteMessages();
    while (stepper.step(0)) {
      assertTrue(events.size() <= 1);
    }
    assertEquals(List.of("near hello"), events);
    assertEquals(before, stats(stepper, 1).remoteMessages());
    assertTrue(stepper.step(1));
    assertEquals(List.of("near hello", "far hello"), events);
    // The actor's start and its message.
    assertEquals(before + 2, stats(stepper, 1).remoteMessages());
  }

  @Test
  void anExecutorIsCurrentInItsTurnsOnly() {
    SystemStepper stepper = make(TWO);
    List<ActorExecutor> executors = stepper.system().executors();
    List<Boolean> seen = new ArrayList<>();
    inTurn(
        executors.get(1), context -> executors.forEach(executor -> seen.add(executor.isCurrent())));
    rest(stepper);
    assertEquals(List.of(false, true), seen);
    assertFalse(executors.get(1).isCurrent());
    stepper.system().close();
    assertFalse(executors.get(1).isCurrent());
  }

  @Test
  void aBufferThatIsReleasedElsewhereComesBackWithTheNextTurn() {
    SystemStepper stepper = make(TWO);
    List<ActorExecutor> executors = stepper.system().executors();
    List<IoBuffer> buffers = new ArrayList<>();
    inTurn(executors.get(0), context -> buffers.add(context.io().buffer(100)));
    inTurn(executors.get(0), context -> buffers.add(context.io().buffer(100)));
    rest(stepper);
    buffers.get(0).release();
    inTurn(executors.get(1), context -> buffers.get(1).release());
    while (stepper.step(1)) {
      assertEquals(2, stats(stepper, 0).buffersLent());
    }
    assertTrue(stepper.step(0));
    assertEquals(0, stats(stepper, 0).buffersLent());
  }

  @Test
  void whoHasNothingToDoIsParkedUntilItIsWoken() {
    SystemStepper stepper = make(TWO);
    ActorRef<String> actor = logging(stepper.system().executors().get(1), "actor");
    rest(stepper);
    ExecutorStats parked = stats(stepper, 1);
    assertTrue(parked.parked());
    assertFalse(stepper.step(1));
    assertEquals(parked.parks(), stats(stepper, 1).parks(), "it was parked already");
    actor.tell("one");
    actor.tell("two");
    assertFalse(stats(stepper, 1).parked());
    assertEquals(parked.wakeups() + 1, stats(stepper, 1).wakeups());
    rest(stepper);
    assertEquals(List.of("actor one", "actor two"), events);
    assertEquals(parked.parks() + 1, stats(stepper, 1).parks());
  }

  @Test
  void offloadedWorkRunsWhenItIsToldAndOutsideOfAllTurns() {
    SystemStepper stepper = make(TWO);
    List<Object> seen = new ArrayList<>();
    ActorRef<Object> actor =
        stepper
            .system()
            .spawn(
                () ->
                    (message, context) -> {
                      if (message.equals("go")) {
                        context.offload(
                            () -> String.valueOf(CoreExecutor.current()),
                            (value, failure) -> value);
                      } else {
                        seen.add(message);
                      }
                    },
                ActorOptions.defaults());
    assertFalse(stepper.stepOffloaded());
    actor.tell("go");
    rest(stepper);
    assertEquals(List.of(), seen);
    assertEquals(1, stepper.system().stats().offloadWaiting());
    assertTrue(stepper.stepOffloaded());
    assertEquals(List.of(), seen);
    assertFalse(stepper.stepOffloaded());
    rest(stepper);
    assertEquals(List.of("null"), seen, "no executor was current");
  }

  @Test
  void offloadedWorkIsRefusedWhereThereIsTooMuchAndAtTheEnd() {
    SystemStepper stepper = make(ExecutorPool.of(1).withOffload(1, 2));
    List<CompletableFuture<String>> stages = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "piece " + i;
      stages.add(stepper.system().offload(() -> name).toCompletableFuture());
    }
    assertInstanceOf(RejectedExecutionException.class, failure(stages.get(3)));
    assertTrue(stepper.stepOffloaded());
    assertEquals("piece 0", stages.get(0).join(), "one thread would take them in order");
    stepper.system().close();
    assertInstanceOf(RejectedExecutionException.class, failure(stages.get(1)));
    assertInstanceOf(RejectedExecutionException.class, failure(stages.get(2)));
    assertInstanceOf(
        RejectedExecutionException.class,
        failure(stepper.system().offload(() -> "late").toCompletableFuture()));
  }

  private static Throwable failure(CompletableFuture<?> stage) {
    assertTrue(stage.isDone());
    return assertThrows(CompletionException.class, stage::join).getCause();
  }

  @Test
  void aQuestionFromOutsideTimesOutByTheTicker() {
    SystemStepper stepper = make(TWO);
    ActorRef<ActorRef<String>> silent =
        stepper.system().spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    ActorRef<ActorRef<String>> answering =
        stepper
            .system()
            .spawn(() -> (replyTo, context) -> replyTo.tell("yes"), ActorOptions.defaults());
    Duration timeout = Duration.ofSeconds(5);
    CompletableFuture<String> unanswered =
        silent.<String>ask(replyTo -> replyTo, timeout).toCompletableFuture();
    CompletableFuture<String> answered =
        answering.<String>ask(replyTo -> replyTo, timeout.dividedBy(2)).toCompletableFuture();
    assertTrue(stepper.nanosToNext() <= timeout.dividedBy(2).toNanos());
    rest(stepper);
    assertEquals("yes", answered.join());
    assertTrue(stepper.nanosToNext() > timeout.dividedBy(2).toNanos(), "the other is forgotten");
    now += timeout.toNanos() - 1;
    rest(stepper);
    assertFalse(unanswered.isDone());
    assertEquals(1, stepper.nanosToNext());
    now++;
    assertTrue(stepper.step(1), "of whatever executor");
    assertInstanceOf(AskTimeoutException.class, failure(unanswered));
    assertEquals(Long.MAX_VALUE, stepper.nanosToNext());
  }

  @Test
  void eachExecutorHasItsOwnTimers() {
    SystemStepper stepper = make(TWO);
    ActorRef<String> waiting =
        stepper
            .system()
            .executors()
            .get(1)
            .spawn(
                () ->
                    (message, context) ->
                        context.timers().once("due", Duration.ofSeconds(1), "due"),
                ActorOptions.defaults());
    waiting.tell("wait");
    rest(stepper);
    assertEquals(Long.MAX_VALUE, stepper.nanosToNext(0));
    long nanos = stepper.nanosToNext(1);
    assertTrue(nanos > 0 && nanos <= Duration.ofSeconds(1).toNanos(), "it may be due in " + nanos);
    now += Duration.ofSeconds(1).toNanos();
    assertEquals(0, stepper.nanosToNext(1));
    assertFalse(stepper.step(0));
    assertTrue(stepper.step(1));
  }

  @Test
  void questionsThatNobodyHasAnsweredFailAtTheEnd() {
    SystemStepper stepper = make(TWO);
    ActorRef<ActorRef<String>> silent =
        stepper.system().spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    CompletableFuture<String> old =
        silent.<String>ask(replyTo -> replyTo, Duration.ofHours(1)).toCompletableFuture();
    rest(stepper);
    stepper.system().close();
    assertTrue(failure(old).getMessage().contains("has ended before"), failure(old).toString());
    assertFalse(stepper.step());
    assertFalse(stepper.step(1));
    assertFalse(stepper.stepOffloaded());
    assertEquals(Long.MAX_VALUE, stepper.nanosToNext());
  }

  /** How many messages of one actor a step handles, and how many points its turn passes. */
  private List<Integer> aStepOf(SystemStepper stepper) {
    List<Integer> counts = new ArrayList<>();
    ActorRef<Integer> actor =
        stepper
            .system()
            .spawn(
                () ->
                    (message, context) -> {
                      int points = 1;
                      while (!context.needPreempt()) {
                        points++;
                      }
                      counts.add(points);
                    },
                ActorOptions.defaults());
    rest(stepper);
    actor.tell(1);
    actor.tell(2);
    assertTrue(stepper.step(0));
    return counts;
  }

  @Test
  void aSliceEndsWhereItIsSaid() {
    preempts = true;
    assertEquals(List.of(1), aStepOf(make(ExecutorPool.of(1))));
  }

  @Test
  void aSliceThatNobodyEndsIsShort() {
    assertEquals(List.of(8), aStepOf(make(ExecutorPool.of(1))));
  }

  @Test
  void aStepIsOneActivationWhereEachPointEndsTheSlice() {
    preempts = true;
    SystemStepper stepper = make(ExecutorPool.of(1));
    ActorExecutor executor = stepper.system().executors().get(0);
    ActorRef<String> one = logging(executor, "one");
    ActorRef<String> other = logging(executor, "other");
    rest(stepper);
    List.of("a", "b").forEach(one::tell);
    List.of("a", "b").forEach(other::tell);
    for (int i = 1; i <= 4; i++) {
      assertTrue(stepper.step());
      assertEquals(i, events.size());
    }
    assertEquals(List.of("one a", "other a", "one b", "other b"), events);
  }

  @Test
  void aBusyClassDoesNotStarveAnotherWhileTheClockStandsStill() {
    SystemStepper stepper = make(ExecutorPool.of(1));
    ActorRef<String> busy =
        stepper
            .system()
            .spawn(
                () -> (message, context) -> context.self().tell(message), ActorOptions.defaults());
    PriorityClass other = new PriorityClass("other", Shares.of(Shares.MAX), Latency.notImportant());
    ActorRef<String> waiting =
        stepper
            .system()
            .spawn(
                () -> (message, context) -> events.add(message),
                ActorOptions.defaults().withPriorityClass(other));
    busy.tell("again");
    for (int i = 0; i < 100; i++) {
      assertTrue(stepper.step());
    }
    waiting.tell("here");
    for (int i = 0; i < 10; i++) {
      assertTrue(stepper.step());
    }
    assertEquals(List.of("here"), events);
  }

  /** What chance has decided: where messages went, how long pauses are, which work came first. */
  private List<String> choices(long seed) {
    events.clear();
    SystemStepper stepper = make(ExecutorPool.of(1).withOffload(4, 100), seed);
    ActorSystem system = stepper.system();
    ActorRef<String> pool =
        system.<String>spawnPool(
            5,
            index -> (message, context) -> events.add(message + " to " + index),
            Routing.random(),
            ActorOptions.defaults());
    for (int i = 0; i < 10; i++) {
      pool.tell("message " + i);
    }
    ActorRef<String> failing =
        system.spawn(
            () ->
                (message, context) -> {
                  throw new IllegalStateException(message);
                },
            ActorOptions.defaults()
                .withSupervision(
                    Supervision.restart()
                        .withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(9), 1)));
    failing.tell("on purpose");
    rest(stepper);
    events.add("pause " + stepper.nanosToNext());
    for (int i = 0; i < 10; i++) {
      String piece = "piece " + i;
      var unused = system.offload(() -> events.add(piece));
    }
    int pieces = 0;
    while (stepper.stepOffloaded()) {
      pieces++;
    }
    assertEquals(10, pieces);
    system.close();
    return List.copyOf(events);
  }

  @Test
  void theSameChanceGivesTheSameRun() {
    List<String> first = choices(7);
    assertEquals(first, choices(7));
    assertNotEquals(first, choices(8));
  }

  @Test
  void noThreadIsStarted() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    SystemStepper stepper =
        make(TWO.withStallDetection(Duration.ofMillis(1), stall -> {}).withLeakDetection(1));
    ActorSystem system = stepper.system();
    ActorRef<ActorRef<String>> silent =
        system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    var unanswered = silent.<String>ask(replyTo -> replyTo, Duration.ofSeconds(1));
    var offloaded = system.offload(() -> "done");
    inTurn(
        system.executors().get(1),
        context ->
            context.pipe(context.io().delay(Duration.ofSeconds(1)), (nothing, failure) -> "over"));
    rest(stepper);
    assertTrue(stepper.stepOffloaded());
    now += Duration.ofSeconds(2).toNanos();
    rest(stepper);
    assertTrue(unanswered.toCompletableFuture().isDone());
    assertTrue(offloaded.toCompletableFuture().isDone());
    system.close();
    Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
    after.removeAll(before);
    after.removeIf(thread -> !thread.getName().startsWith("ringlet-stepped"));
    assertEquals(Set.of(), after);
  }

  @Test
  void aDirectoryIsNotWatched() {
    SystemStepper stepper = make(TWO);
    List<@Nullable IoException> ends = new ArrayList<>();
    inTurn(
        stepper.system().executors().get(0),
        context ->
            context.subscribe(context.io().watch(Path.of(".")), event -> event, this::keepEnd, 1));
    rest(stepper);
    assertTrue(stepper.stepOffloaded());
    rest(stepper);
    assertEquals(List.of(), ends);
    assertEquals(1, events.size());
    assertTrue(events.get(0).contains("EOPNOTSUPP"), events.get(0));
    assertTrue(events.get(0).contains("stepped"), events.get(0));
  }

  private Object keepEnd(@Nullable IoException failure) {
    events.add(failure == null ? "regular end" : failure + " because of " + failure.getCause());
    return "end";
  }

  @Test
  void whatWouldStepWithinATurnIsRefused() {
    SystemStepper stepper = make(TWO);
    List<Throwable> refusals = new ArrayList<>();
    inTurn(
        stepper.system().executors().get(0),
        context -> {
          refusals.add(assertThrows(IllegalStateException.class, stepper::step));
          refusals.add(assertThrows(IllegalStateException.class, () -> stepper.step(1)));
          refusals.add(assertThrows(IllegalStateException.class, stepper::stepOffloaded));
          refusals.add(assertThrows(IllegalStateException.class, context.system()::close));
        });
    rest(stepper);
    assertEquals(4, refusals.size(), refusals.toString());
    assertThrows(IndexOutOfBoundsException.class, () -> stepper.step(2));
    String run =
        assertThrows(IllegalStateException.class, () -> stepper.system().run(context -> 1))
            .getMessage();
    assertTrue(run.contains("submit the task and step"), run);
  }

  @Test
  void driversComeFromWhereTheyAreToldAndAreNeverParked() {
    List<IoDriverOptions> asked = new ArrayList<>();
    List<StubDisk> disks = new ArrayList<>();
    drivers =
        new StubProvider(
            options -> {
              asked.add(options);
              StubDisk disk = new StubDisk(request -> events.add("submitted"));
              disks.add(disk);
              return disk;
            });
    SystemStepper stepper = make(TWO.withRingEntries(64));
    assertEquals(2, asked.size());
    assertEquals(64, asked.get(0).submissionEntries());
    assertEquals(1024, asked.get(0).completionEntries());
    assertEquals("stub", stepper.system().executors().get(1).driver());
    CoreExecutor executor = (CoreExecutor) stepper.system().executors().get(1);
    List<@Nullable Object> outcomes = new ArrayList<>();
    inTurn(
        executor,
        context -> {
          PlainOperation read =
              new PlainOperation(executor, "read", "stub", IoOpcode.READ, StubDisk.HANDLE);
          read.then(done -> outcomes.add(done.failure()));
        });
    rest(stepper);
    assertEquals(List.of("submitted"), events);
    assertEquals(Long.MAX_VALUE, stepper.nanosToNext());
    disks.get(1).allowed = 1;
    assertTrue(stepper.step(1), "a completion is visible");
    assertEquals(1, outcomes.size());
    assertNull(outcomes.get(0));
  }
}
