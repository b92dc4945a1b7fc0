package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.AskTimeoutException;
import dev.ringlet.actor.JoinHandle;
import dev.ringlet.actor.RingletException;
import dev.ringlet.actor.TaskOptions;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work without an actor: run, joined, cancelled, on executors and beside them. */
@OnBothDrivers
final class TasksTest {
  private static final PriorityClass BATCH =
      new PriorityClass("batch", Shares.of(100), Latency.notImportant());

  private final String driver;
  private ActorSystem system;

  TasksTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system = ActorSystem.create("test", Systems.pool(driver, 2).withOffload(2, 3));
  }

  @AfterEach
  void close() {
    system.close();
  }

  @Test
  void aRootTaskRunsToItsEndAndGivesItsValue() {
    String value = system.run(context -> "of executor " + context.executor().index());
    assertEquals("of executor 0", value);
  }

  @Test
  void aRootTaskThrowsItsFailure() {
    IllegalStateException failure = new IllegalStateException("as it is");
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class,
            () ->
                system.run(
                    context -> {
                      throw failure;
                    })));
    IOException checked = new IOException("wrapped");
    RingletException wrapper =
        assertThrows(
            RingletException.class,
            () ->
                system.run(
                    context -> {
                      throw checked;
                    }));
    assertSame(checked, wrapper.getCause());
    assertEquals(0, system.stats().failures(), "who joins is told, and nobody else");
  }

  @Test
  void aTaskEndsWithItsContinuationsAndItsChildren() {
    List<String> events =
        system.run(
            context -> {
              List<String> seen = new ArrayList<>();
              seen.add("turn");
              context.yield(
                  () -> {
                    seen.add("yielded");
                    context.spawn(() -> new LastWord(seen), ActorOptions.defaults());
                    context.await(
                        context.io().delay(Duration.ofMillis(1)),
                        (nothing, failure) -> seen.add("awaited"));
                  });
              return seen;
            });
    assertEquals(List.of("turn", "yielded", "awaited", "child stopped"), events);
  }

  private record LastWord(List<String> seen) implements Actor<Object> {
    @Override
    public void receive(Object message, ActorContext<Object> context) {}

    @Override
    public void postStop(ActorContext<Object> context) {
      seen.add("child stopped");
    }
  }

  @Test
  void tasksRunWhereAndInWhichClassTheyAreTold() {
    ActorExecutor second = system.executors().get(1);
    TaskOptions options = TaskOptions.defaults().onExecutor(second).withPriorityClass(BATCH);
    JoinHandle<String> handle =
        system.submit(
            context -> context.executor().index() + " " + context.priorityClass().name(), options);
    assertEquals("1 batch", handle.join());
    assertTrue(handle.isDone());
    CompletableFuture<Boolean> viewed = new CompletableFuture<>();
    second.inClass(BATCH).execute(() -> viewed.complete(second.isCurrent()));
    assertTrue(Systems.get(viewed));
    assertTrue(
        second.stats().taskQueues().stream()
            .anyMatch(queue -> queue.priorityClass().equals(BATCH) && queue.activations() >= 2));
  }

  @Test
  void tasksOfAClassViewThatFailAreCounted() {
    system
        .executors()
        .get(0)
        .inClass(BATCH)
        .execute(
            () -> {
              throw new IllegalStateException("nobody joins me");
            });
    Systems.awaitUntil(() -> system.stats().failures() == 1);
  }

  @Test
  void whatIsSubmittedByATaskRunsToo() {
    int levels =
        system
            .submit(
                context ->
                    context
                        .system()
                        .submit(inner -> inner.system().submit(innermost -> 3).toCompletionStage())
                        .toCompletionStage())
            .toCompletionStage()
            .thenCompose(stage -> stage)
            .thenCompose(stage -> stage)
            .toCompletableFuture()
            .join();
    assertEquals(3, levels);
  }

  @Test
  void eachExecutorHasItsOwnOutcome() {
    List<JoinHandle<Integer>> handles =
        system.submitToEach(
            context -> {
              int index = context.executor().index();
              if (index == 1) {
                throw new IllegalStateException("of the second");
              }
              return index;
            });
    assertEquals(2, handles.size());
    int first = handles.get(0).join();
    assertEquals(0, first);
    assertEquals(
        "of the second",
        assertThrows(IllegalStateException.class, handles.get(1)::join).getMessage());
  }

  @Test
  void aTaskThatWaitsIsCancelled() {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    AtomicBoolean wentOn = new AtomicBoolean();
    JoinHandle<Integer> handle =
        system.submit(
            context -> {
              context.await(
                  context.io().delay(Duration.ofHours(1)), (nothing, failure) -> wentOn.set(true));
              waiting.complete(null);
              return 1;
            });
    Systems.get(waiting);
    handle.cancel();
    assertThrows(CancellationException.class, handle::join);
    handle.cancel();
    assertFalse(wentOn.get());
  }

  @Test
  void aTaskThatIsQueuedNeverBeginsWhenItIsCancelled() {
    ActorExecutor executor = system.executors().get(0);
    CountDownLatch release = new CountDownLatch(1);
    executor.execute(() -> awaitQuietly(release));
    AtomicBoolean begun = new AtomicBoolean();
    JoinHandle<Boolean> queued =
        system.submit(
            context -> begun.getAndSet(true), TaskOptions.defaults().onExecutor(executor));
    queued.cancel();
    release.countDown();
    assertThrows(CancellationException.class, queued::join);
    assertFalse(begun.get());
  }

  @Test
  void aTaskThatRunsIsCancelledAtTheEndOfItsTurn() {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Void> running = new CompletableFuture<>();
    AtomicBoolean wentOn = new AtomicBoolean();
    JoinHandle<Integer> handle =
        system.submit(
            context -> {
              running.complete(null);
              awaitQuietly(release);
              context.await(
                  context.io().delay(Duration.ofMillis(100)),
                  (nothing, failure) -> wentOn.set(true));
              return 1;
            });
    Systems.get(running);
    handle.cancel();
    release.countDown();
    assertThrows(CancellationException.class, handle::join);
    assertFalse(wentOn.get());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTaskThatTakesTooLongEndsAtItsDeadline() {
    JoinHandle<Integer> handle =
        system.submit(
            context -> {
              context.await(context.io().delay(Duration.ofHours(1)), (nothing, failure) -> {});
              return 1;
            },
            TaskOptions.defaults().withDeadline(Duration.ofMillis(20)));
    RingletException failure = assertThrows(RingletException.class, handle::join);
    assertInstanceOf(TimeoutException.class, failure.getCause());
    assertEquals(
        1,
        system
            .submit(context -> 1, TaskOptions.defaults().withDeadline(Duration.ofHours(1)))
            .join());
  }

  @Test
  void blockingCallsOnAnExecutorsThreadAreRefusedWithTheWayOut() {
    ActorRef<Object> silent = system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    List<String> messages =
        system.run(
            context -> {
              List<String> told = new ArrayList<>();
              told.add(refusal(() -> system.run(inner -> 1)));
              told.add(refusal(() -> system.submit(inner -> 1).join()));
              told.add(
                  refusal(
                      () ->
                          silent
                              .ask(replyTo -> replyTo, Duration.ofSeconds(10))
                              .toCompletableFuture()
                              .join()));
              told.add(
                  refusal(
                      () ->
                          silent
                              .ask(replyTo -> replyTo, Duration.ofSeconds(10))
                              .thenApply(reply -> reply)
                              .toCompletableFuture()
                              .join()));
              told.add(
                  refusal(() -> system.offload(TasksTest::sleep).toCompletableFuture().join()));
              return told;
            });
    for (String message : messages) {
      assertTrue(message.contains("context.pipe"), message);
    }
  }

  private static Integer sleep() throws InterruptedException {
    new CountDownLatch(1).await();
    return 1;
  }

  private static String refusal(Runnable blocking) {
    return assertThrows(IllegalStateException.class, blocking::run).getMessage();
  }

  @Test
  void aQuestionThatAnExecutorAsksEndsByItsOwnClock() {
    ActorRef<Object> silent = system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    system.run(
        context ->
            silent
                .ask(replyTo -> replyTo, Duration.ofMillis(20))
                .whenComplete((reply, failure) -> told.complete(failure)));
    assertInstanceOf(AskTimeoutException.class, Systems.get(told));
  }

  @Test
  void tasksThatTheEndOfTheSystemFindsAreTold() {
    JoinHandle<Integer> handle =
        system.submit(
            context -> {
              context.await(context.io().delay(Duration.ofHours(1)), (nothing, failure) -> {});
              return 1;
            });
    system.close();
    assertThrows(CancellationException.class, handle::join);
    assertThrows(IllegalStateException.class, () -> system.submit(context -> 1));
    assertThrows(
        RejectedExecutionException.class,
        () -> system.executors().get(0).inClass(BATCH).execute(() -> {}));
  }

  // ---- work that blocks

  @Test
  void workThatBlocksRunsBesideTheExecutorsAndAnswersAsAMessage() {
    CompletableFuture<Object> told = new CompletableFuture<>();
    CountDownLatch handled = new CountDownLatch(1);
    ActorRef<Object> actor =
        system.spawn(
            () ->
                (message, context) -> {
                  if (message.equals("go")) {
                    context.offload(
                        () -> {
                          handled.await();
                          return "waited";
                        },
                        (value, failure) -> failure == null ? value : failure);
                  } else if (message.equals("meanwhile")) {
                    handled.countDown();
                  } else {
                    told.complete(message);
                  }
                },
            ActorOptions.defaults());
    actor.tell("go");
    actor.tell("meanwhile");
    assertEquals("waited", Systems.get(told));
  }

  @Test
  void theFailureOfWorkThatBlocksIsDelivered() {
    IOException failure = new IOException("of the work");
    CompletionException wrapper =
        assertThrows(
            CompletionException.class,
            () ->
                Systems.get(
                    system.offload(
                        () -> {
                          throw failure;
                        })));
    assertSame(failure, wrapper.getCause());
  }

  @Test
  void tooMuchWorkThatBlocksIsRefusedAndTheBacklogIsVisible() {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    List<CompletableFuture<Integer>> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      taken.add(
          system
              .offload(
                  () -> {
                    release.await();
                    return done.incrementAndGet();
                  })
              .toCompletableFuture());
    }
    Systems.awaitUntil(() -> system.stats().offloadRunning() == 2);
    assertEquals(3, system.stats().offloadWaiting());
    CompletionException refused =
        assertThrows(CompletionException.class, () -> Systems.get(system.offload(() -> 1)));
    assertInstanceOf(RejectedExecutionException.class, refused.getCause());
    release.countDown();
    taken.forEach(Systems::get);
    assertEquals(5, done.get());
  }

  @Test
  void workThatOutlivesTheSystemDoesNoHarm() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    CompletableFuture<Integer> stage =
        system
            .offload(
                () -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                    return 1;
                  } finally {
                    ended.countDown();
                  }
                })
            .toCompletableFuture();
    begun.await();
    system.close();
    ended.await();
    assertInstanceOf(
        InterruptedException.class,
        assertThrows(CompletionException.class, () -> Systems.get(stage)).getCause());
    assertThrows(CompletionException.class, () -> Systems.get(system.offload(() -> 1)));
  }
}
