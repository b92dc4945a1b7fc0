package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.Stall;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns that keep an executor for too long are reported while they do. */
@OnBothDrivers
final class StallTest {
  private static final Duration BUDGET = Duration.ofMillis(150);

  private final String driver;
  private final Queue<Stall> stalls = new ConcurrentLinkedQueue<>();
  private ActorSystem system;

  StallTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    system =
        ActorSystem.create("test", Systems.pool(driver, 2).withStallDetection(BUDGET, stalls::add));
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ActorRef<CountDownLatch> blocker(int executor) {
    return system
        .executors()
        .get(executor)
        .spawn(
            () ->
                (latch, context) -> {
                  latch.await();
                },
            ActorOptions.named("blocker-" + executor));
  }

  @Test
  void aTurnThatBlocksIsReportedOnceWhileItDoes() {
    CountDownLatch release = new CountDownLatch(1);
    blocker(1).tell(release);
    Systems.awaitUntil(() -> !stalls.isEmpty());
    Stall stall = stalls.element();
    assertEquals(1, stall.executor());
    assertEquals("/test/blocker-1", stall.actor());
    assertEquals(CountDownLatch.class.getName(), stall.messageType());
    assertEquals("default", stall.priorityClass());
    assertTrue(
        stall.stack().stream().anyMatch(frame -> frame.getMethodName().equals("await")),
        stall.stack().toString());
    // Four budgets: another report would have come by now.
    CompletableFuture<Void> later = new CompletableFuture<>();
    later.completeOnTimeout(null, 4 * BUDGET.toMillis(), TimeUnit.MILLISECONDS);
    Systems.get(later);
    assertEquals(1, stalls.size());
    release.countDown();
    assertEquals(1, system.stats().stalls());
  }

  @Test
  void eachStallIsReported() {
    List<ActorRef<CountDownLatch>> blockers = List.of(blocker(0), blocker(1));
    for (int i = 0; i < 4; i++) {
      int before = i;
      CountDownLatch release = new CountDownLatch(1);
      blockers.get(i % 2).tell(release);
      Systems.awaitUntil(() -> stalls.size() == before + 1);
      release.countDown();
    }
    assertEquals(List.of(0, 1, 0, 1), stalls.stream().map(Stall::executor).toList());
  }

  /** An executor that waits, and one that is busy with many short turns, do not stall. */
  @Test
  void waitingAndManyShortTurnsAreNoStall() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    long end = System.nanoTime() + 5 * BUDGET.toNanos();
    ActorRef<Object> busy =
        system
            .executors()
            .get(0)
            .spawn(
                () ->
                    (message, context) -> {
                      if (System.nanoTime() - end > 0) {
                        done.complete(null);
                      } else {
                        context.self().tell(message);
                      }
                    },
                ActorOptions.defaults());
    busy.tell("go");
    Systems.get(done);
    assertEquals(List.of(), List.copyOf(stalls));
  }
}
