package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.Latency;
import dev.ringlet.executor.PriorityClass;
import dev.ringlet.executor.Shares;
import dev.ringlet.executor.TaskQueueStats;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What nobody uses costs nothing. */
@OnBothDrivers
final class IdleTest {
  private static final int ACTORS = 100_000;
  private static final long WINDOW_MILLIS = 5_000;

  private final String driver;

  IdleTest(String driver) {
    this.driver = driver;
  }

  /** Measured as CPU time of the two threads, so other load on the machine does not matter. */
  @Test
  void aHundredThousandIdleActorsUseLessThanHalfAPercentOfACore() {
    try (ActorSystem system = Systems.open(driver, 2)) {
      for (int i = 0; i < ACTORS; i++) {
        system.spawn(() -> (message, context) -> {}, ActorOptions.defaults());
      }
      Systems.awaitUntil(
          () -> system.stats().executors().stream().mapToLong(e -> e.actors()).sum() == ACTORS);
      long used = cpuNanosIn(system, WINDOW_MILLIS);
      assertEquals(0, system.stats().failures());
      assertTrue(
          used < TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS) / 200,
          "two idle executors used "
              + used / 1000
              + " µs of CPU in 5 s, more than 0.5 % of a core");
    }
  }

  @Test
  void waitingForATimerOfALatencyClassCostsNoCpu() {
    PriorityClass urgent =
        new PriorityClass("urgent", Shares.of(1000), Latency.matters(Duration.ofMillis(10)));
    try (ActorSystem system = Systems.open(driver, 1)) {
      system.spawn(Alarm::new, ActorOptions.defaults().withPriorityClass(urgent));
      // What starting costs, with all its classes to load, is over by then.
      Systems.awaitUntil(() -> cpuNanosIn(system, 100) < 1_000_000);
      long used = cpuNanosIn(system, 1000);
      assertTrue(used < 5_000_000, "waiting for a second used " + used / 1000 + " µs of CPU");
    }
  }

  private static final class Alarm implements Actor<String> {
    @Override
    public void preStart(ActorContext<String> context) {
      context.timers().once(Duration.ofMinutes(10), "now");
    }

    @Override
    public void receive(String message, ActorContext<String> context) {}
  }

  /** Also under load it gets a tenth of a core sooner or later, and it ends by itself. */
  @Test
  void whoSpinsUsesTheCoreWhileThatMayPayAndThenNoLonger() {
    try (ActorSystem system =
        ActorSystem.create(
            "test", Systems.pool(driver, 1).withSpinBeforePark(Duration.ofMillis(200)))) {
      Systems.awaitUntil(
          () -> {
            system.executors().get(0).execute(() -> {});
            return cpuNanosIn(system, 100) > 40_000_000;
          });
      Systems.awaitUntil(() -> cpuNanosIn(system, 500) < 5_000_000);
    }
  }

  @Test
  void aQueueIsChargedForWhatItRunsAndNotForSpinning() {
    try (ActorSystem system =
        ActorSystem.create(
            "test", Systems.pool(driver, 1).withSpinBeforePark(Duration.ofSeconds(5)))) {
      long before = runNanos(system);
      Systems.inTurn(
          system.executors().get(0),
          context -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            while (System.nanoTime() - end < 0) {
              Thread.onSpinWait();
            }
          });
      Systems.awaitUntil(() -> runNanos(system) - before >= 200_000_000);
      cpuNanosIn(system, 100);
      long charged = runNanos(system);
      cpuNanosIn(system, 500);
      assertEquals(charged, runNanos(system));
    }
  }

  private static long runNanos(ActorSystem system) {
    return system.stats().executors().get(0).taskQueues().stream()
        .mapToLong(TaskQueueStats::runNanos)
        .sum();
  }

  /** What the executors use while this thread sleeps. */
  private static long cpuNanosIn(ActorSystem system, long millis) {
    long before = cpuNanos(system);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return cpuNanos(system) - before;
  }

  private static long cpuNanos(ActorSystem system) {
    var threads = ManagementFactory.getThreadMXBean();
    return system.executors().stream()
        .mapToLong(e -> threads.getThreadCpuTime(((CoreExecutor) e).thread().getId()))
        .sum();
  }
}
