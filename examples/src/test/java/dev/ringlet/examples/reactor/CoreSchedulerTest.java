package dev.ringlet.examples.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.OnBothDrivers;
import dev.ringlet.examples.kv.Drivers;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.ExecutorPool;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Reactor on an executor with its timers. */
@OnBothDrivers
@Timeout(60)
final class CoreSchedulerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ActorSystem system;
  private final ActorExecutor executor;
  private final CoreScheduler scheduler;

  /** What tasks have done, without any synchronization. */
  private final List<Integer> done = new ArrayList<>();

  private final List<WeakReference<Runnable>> tasks = new ArrayList<>();

  CoreSchedulerTest(String driver) {
    Drivers.assumeAvailable(driver);
    system = ActorSystem.create("test", ExecutorPool.of(1).withDriver(driver));
    executor = system.executors().get(0);
    scheduler = CoreScheduler.on(executor, ActorOptions.named("clock"));
  }

  @AfterEach
  void close() {
    assertEquals(0, system.stats().deadLetters());
    system.close();
  }

  private static void awaitUntil(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(condition);
  }

  /** What this thread has scheduled before has run. */
  private void awaitTasks() {
    CompletableFuture<Void> ran = new CompletableFuture<>();
    scheduler.schedule(() -> ran.complete(null));
    ran.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Test
  void intervalTicksOnTheExecutor() {
    StepVerifier.create(
            Flux.interval(Duration.ofMillis(1), scheduler)
                .filter(tick -> executor.isCurrent())
                .take(50))
        .expectNextSequence(IntStream.range(0, 50).mapToObj(Long::valueOf).toList())
        .expectComplete()
        .verify(PATIENCE);
  }

  @Test
  void elementsAreDelayedInOrderAndNeverEarly() {
    long start = System.nanoTime();
    StepVerifier.create(
            Flux.range(0, 20)
                .delayElements(Duration.ofMillis(2), scheduler)
                .map(number -> System.nanoTime() - start >= (number + 1) * 2_000_000L))
        .expectNextSequence(IntStream.range(0, 20).mapToObj(number -> true).toList())
        .expectComplete()
        .verify(PATIENCE);
  }

  @Test
  void signalsOfPublishOnComeInOrder() {
    StepVerifier.create(
            Flux.range(0, 20_000)
                .publishOn(scheduler)
                .filter(number -> executor.isCurrent())
                .collectList())
        .expectNext(IntStream.range(0, 20_000).boxed().toList())
        .expectComplete()
        .verify(PATIENCE);
  }

  @Test
  void delaysAreNeverEarlyAndNoDelayIsNone() {
    long start = System.nanoTime();
    Scheduler.Worker worker = scheduler.createWorker();
    List<Disposable> tasks = new ArrayList<>();
    for (int millis : new int[] {30, -1, 7, 0, 1}) {
      tasks.add(
          worker.schedule(
              () -> done.add(System.nanoTime() - start >= millis * 1_000_000L ? millis : 99),
              millis,
              TimeUnit.MILLISECONDS));
    }
    tasks.forEach(task -> awaitUntil(task::isDisposed));
    assertEquals(List.of(-1, 0, 1, 7, 30), done.stream().sorted().toList());
  }

  @Test
  void tasksOfAWorkerRunOneAfterTheOtherAndThoseOfEachThreadInOrder() throws Exception {
    int threads = 4;
    int each = 5_000;
    Scheduler.Worker worker = scheduler.createWorker();
    List<Thread> started = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int first = thread * each;
      started.add(
          new Thread(
              () ->
                  IntStream.range(first, first + each)
                      .forEach(number -> worker.schedule(() -> done.add(number)))));
    }
    started.forEach(Thread::start);
    for (Thread thread : started) {
      thread.join();
    }
    awaitTasks();
    for (int thread = 0; thread < threads; thread++) {
      int first = thread * each;
      assertEquals(
          IntStream.range(first, first + each).boxed().toList(),
          done.stream().filter(number -> number >= first && number < first + each).toList());
    }
  }

  @Test
  void disposedWorkerDropsItsTasksAndNoOthers() {
    Scheduler.Worker worker = scheduler.createWorker();
    CountDownLatch go = holdExecutor();
    Disposable soon = worker.schedule(() -> done.add(1));
    Disposable later = worker.schedule(() -> done.add(2), 1, TimeUnit.MILLISECONDS);
    Disposable often = worker.schedulePeriodically(() -> done.add(3), 0, 1, TimeUnit.MILLISECONDS);
    Disposable other = scheduler.schedule(() -> done.add(4), 5, TimeUnit.MILLISECONDS);
    worker.dispose();
    worker.dispose();
    go.countDown();
    assertTrue(worker.isDisposed());
    assertTrue(soon.isDisposed() && later.isDisposed() && often.isDisposed());
    assertThrows(RejectedExecutionException.class, () -> worker.schedule(() -> done.add(5)));
    awaitUntil(other::isDisposed);
    assertEquals(List.of(4), done);
  }

  /** Whatever is scheduled from now on does not begin before the latch is counted down. */
  private CountDownLatch holdExecutor() {
    CountDownLatch go = new CountDownLatch(1);
    executor.execute(
        () -> {
          try {
            go.await();
          } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
          }
        });
    return go;
  }

  @Test
  void disposedWorkerCancelsWhatWaits() {
    Scheduler.Worker worker = scheduler.createWorker();
    for (int i = 0; i < 1000; i++) {
      worker.schedule(remembered(i), 1, TimeUnit.HOURS);
    }
    awaitTasks();
    worker.dispose();
    awaitCollected();
  }

  @Test
  void cancelledTaskDoesNotRun() {
    CountDownLatch go = holdExecutor();
    Disposable soon = scheduler.schedule(() -> done.add(1));
    Disposable later = scheduler.schedule(() -> done.add(2), 1, TimeUnit.MILLISECONDS);
    for (Disposable task : List.of(soon, later, soon, later)) {
      task.dispose();
      assertTrue(task.isDisposed());
    }
    go.countDown();
    awaitDelay();
    assertEquals(List.of(), done);
  }

  /** Long enough for a task that should not run to be seen. */
  private void awaitDelay() {
    StepVerifier.create(Mono.delay(Duration.ofMillis(20), scheduler))
        .expectNext(0L)
        .expectComplete()
        .verify(PATIENCE);
  }

  @Test
  void periodicTaskMayCancelItself() {
    CompletableFuture<Disposable> itself = new CompletableFuture<>();
    Disposable often =
        scheduler.schedulePeriodically(
            () -> {
              done.add(1);
              if (done.size() == 3) {
                itself.join().dispose();
              }
            },
            0,
            1,
            TimeUnit.MILLISECONDS);
    itself.complete(often);
    awaitUntil(often::isDisposed);
    awaitDelay();
    assertEquals(List.of(1, 1, 1), done);
  }

  /** Neither timers nor scheduler keep what was cancelled, on its way to a timer or later. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cancelledDelaysLeaveNothingBehind(boolean withTimer) {
    List<Disposable> delayed = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      delayed.add(scheduler.schedule(remembered(i), 1, TimeUnit.HOURS));
      if (!withTimer) {
        delayed.remove(0).dispose();
      }
    }
    awaitTasks();
    delayed.forEach(Disposable::dispose);
    delayed.clear();
    awaitTasks();
    awaitCollected();
    assertEquals(List.of(), done);
  }

  private Runnable remembered(int number) {
    Runnable task = () -> done.add(number);
    tasks.add(new WeakReference<>(task));
    return task;
  }

  private void awaitCollected() {
    awaitUntil(
        () -> {
          System.gc();
          return tasks.stream().allMatch(task -> task.refersTo(null));
        });
  }

  @Test
  void periodicTaskKeepsItsRate() {
    AtomicInteger runs = new AtomicInteger();
    CompletableFuture<Long> end = new CompletableFuture<>();
    long start = System.nanoTime();
    Disposable often =
        scheduler.schedulePeriodically(
            () -> {
              if (runs.incrementAndGet() == 20) {
                end.complete(System.nanoTime() - start);
              }
            },
            1,
            2,
            TimeUnit.MILLISECONDS);
    long nanos = end.join();
    often.dispose();
    assertTrue(nanos >= TimeUnit.MILLISECONDS.toNanos(1 + 19 * 2), nanos + " ns");
  }

  @Test
  void periodicTaskThatThrowsGoesOn() {
    AtomicInteger runs = new AtomicInteger();
    Disposable often =
        scheduler.schedulePeriodically(
            () -> {
              runs.incrementAndGet();
              throw new IllegalStateException("thrown by the test");
            },
            0,
            1,
            TimeUnit.MILLISECONDS);
    awaitUntil(() -> runs.get() >= 3);
    often.dispose();
    awaitTasks();
    assertTrue(system.stats().failures() >= 3);
    assertFalse(scheduler.isDisposed());
  }

  @Test
  void taskThatThrowsIsDisposedAndCounted() {
    Disposable task =
        scheduler.schedule(
            () -> {
              throw new IllegalStateException("thrown by the test");
            });
    awaitTasks();
    assertTrue(task.isDisposed());
    assertEquals(1, system.stats().failures());
  }

  @Test
  void disposedSchedulerEndsAllAndRejects() {
    Scheduler.Worker worker = scheduler.createWorker();
    Disposable waits = scheduler.schedule(() -> done.add(1), 1, TimeUnit.HOURS);
    Disposable often = worker.schedulePeriodically(() -> done.add(2), 1, 1, TimeUnit.HOURS);
    scheduler.init();
    scheduler.dispose();
    scheduler.dispose();
    assertTrue(scheduler.isDisposed() && worker.isDisposed());
    assertTrue(waits.isDisposed() && often.isDisposed());
    assertThrows(RejectedExecutionException.class, () -> scheduler.schedule(() -> done.add(3)));
    assertThrows(
        RejectedExecutionException.class,
        () -> worker.schedule(() -> done.add(4), 1, TimeUnit.SECONDS));
    assertThrows(IllegalStateException.class, scheduler::init);
    StepVerifier.create(Flux.range(0, 10).publishOn(scheduler))
        .expectError(RejectedExecutionException.class)
        .verify(PATIENCE);
    waits.dispose();
    worker.dispose();
    awaitUntil(() -> executor.stats().actors() == 0);
    assertEquals(List.of(), done);
  }

  @Test
  void closedSystemDisposesTheScheduler() {
    scheduler.schedule(() -> done.add(1), 1, TimeUnit.HOURS);
    system.close();
    assertTrue(scheduler.isDisposed());
    assertThrows(RejectedExecutionException.class, () -> scheduler.schedule(() -> done.add(2)));
    StepVerifier.create(Mono.delay(Duration.ofMillis(1), scheduler))
        .expectError(RejectedExecutionException.class)
        .verify(PATIENCE);
    assertThrows(
        IllegalStateException.class, () -> CoreScheduler.on(executor, ActorOptions.defaults()));
  }

  @Test
  void reactorRefusesToBlockOnExecutorsThatAreMarked() {
    CompletableFuture<Boolean> before = new CompletableFuture<>();
    scheduler.schedule(() -> before.complete(Schedulers.isInNonBlockingThread()));
    assertFalse(before.join());
    CoreScheduler.markNonBlocking(system);
    try {
      StepVerifier.create(
              Mono.fromCallable(() -> Mono.never().block(Duration.ofHours(1)))
                  .subscribeOn(scheduler))
          .expectErrorMatches(
              failure ->
                  failure instanceof IllegalStateException
                      && failure.getMessage().contains("block"))
          .verify(PATIENCE);
      assertFalse(Schedulers.isInNonBlockingThread());
    } finally {
      Schedulers.resetNonBlockingThreadPredicate();
    }
  }
}
