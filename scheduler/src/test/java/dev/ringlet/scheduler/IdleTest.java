package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorSystem;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What nobody uses costs nothing. */
@OnBothDrivers
final class IdleTest {
  private static final int ACTORS = 100_000;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);

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
      long before = cpuNanos(system);
      long end = System.nanoTime() + WINDOW_NANOS;
      while (System.nanoTime() - end < 0) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      long used = cpuNanos(system) - before;
      assertEquals(0, system.stats().failures());
      assertTrue(
          used < WINDOW_NANOS / 200,
          "two idle executors used "
              + used / 1000
              + " µs of CPU in 5 s, more than 0.5 % of a core");
    }
  }

  private static long cpuNanos(ActorSystem system) {
    var threads = ManagementFactory.getThreadMXBean();
    return system.executors().stream()
        .mapToLong(e -> threads.getThreadCpuTime(((CoreExecutor) e).thread().getId()))
        .sum();
  }
}
