package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Reactor on an executor, which is a {@link Executor} and needs nothing else for that. */
final class FromExecutorTest {
  private static final PriorityClass BATCH =
      new PriorityClass("batch", Shares.of(10), Latency.notImportant());

  /** Enough to keep the executor busy. */
  private static final int MOST_WAITING = 1000;

  private final TestSystem system = TestSystem.open(ExecutorPool.AUTO);

  /** What tasks have done, without any synchronization. */
  private final List<Integer> done = new ArrayList<>();

  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger ran = new AtomicInteger();
  private volatile boolean closed;
  private Scheduler scheduler;

  @BeforeEach
  void open() {
    scheduler = Schedulers.fromExecutor(system.executor());
  }

  @AfterEach
  void close() {
    system.close();
  }

  private Executor executor(boolean inClass) {
    return inClass ? system.executor().inClass(BATCH) : system.executor();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void signalsComeInOrderOnTheExecutor(boolean inClass) {
    scheduler = Schedulers.fromExecutor(executor(inClass));
    StepVerifier.create(
            Flux.range(0, 20_000)
                .publishOn(scheduler)
                .filter(number -> system.executor().isCurrent())
                .collectList())
        .expectNext(IntStream.range(0, 20_000).boxed().toList())
        .expectComplete()
        .verify(TestSystem.PATIENCE);
  }

  @Test
  void timeOfAClassIsChargedToIt() {
    scheduler = Schedulers.fromExecutor(executor(true));
    StepVerifier.create(Flux.range(0, 1000).publishOn(scheduler))
        .expectNextCount(1000)
        .expectComplete()
        .verify(TestSystem.PATIENCE);
    assertTrue(
        system.executor().stats().taskQueues().stream()
            .anyMatch(queue -> queue.priorityClass().equals(BATCH) && queue.activations() > 0));
  }

  /** A worker is what operators schedule on; tasks of several never overlap on one core. */
  @Test
  void tasksOfSeveralThreadsRunOneAfterTheOtherAndThoseOfEachInOrder() throws Exception {
    int threads = 4;
    int each = 5_000;
    List<Thread> started = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      Scheduler.Worker worker = scheduler.createWorker();
      int first = thread * each;
      started.add(
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  int number = first + i;
                  worker.schedule(() -> done.add(number));
                }
              }));
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

  private void awaitTasks() throws InterruptedException {
    CountDownLatch last = new CountDownLatch(1);
    scheduler.schedule(last::countDown);
    last.await();
  }

  @Test
  void taskThatThrowsLeavesTheOthersAlone() throws Exception {
    scheduler.schedule(
        () -> {
          throw new IllegalStateException("thrown by the test");
        });
    scheduler.schedule(() -> done.add(1));
    awaitTasks();
    assertEquals(List.of(1), done);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closedSystemRejects(boolean inClass) {
    scheduler = Schedulers.fromExecutor(executor(inClass));
    system.close();
    assertThrows(
        RejectedExecutionException.class, () -> scheduler.schedule(() -> done.add(1)).dispose());
    StepVerifier.create(Flux.range(0, 10).publishOn(scheduler))
        .expectError(RejectedExecutionException.class)
        .verify(TestSystem.PATIENCE);
    assertEquals(List.of(), done);
  }

  /** A task that was taken runs, also while the system closes; else a subscriber might hang. */
  @RepeatedTest(20)
  void whatIsTakenWhileTheSystemClosesRuns() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      senders.add(new Thread(() -> sendUntilRejected(begun)));
    }
    senders.forEach(Thread::start);
    begun.await();
    system.close();
    closed = true;
    for (Thread sender : senders) {
      sender.join();
    }
    assertEquals(taken.get(), ran.get());
  }

  private void sendUntilRejected(CountDownLatch begun) {
    try {
      while (true) {
        system.executor().execute(ran::incrementAndGet);
        taken.incrementAndGet();
        begun.countDown();
        while (taken.get() - ran.get() > MOST_WAITING && !closed) {
          Thread.onSpinWait();
        }
      }
    } catch (RejectedExecutionException rejected) {
      begun.countDown();
    }
  }
}
