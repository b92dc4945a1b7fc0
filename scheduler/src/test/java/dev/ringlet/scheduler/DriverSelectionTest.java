package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.RingletException;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.Ticker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which driver serves a system, and what the user hears of it. */
final class DriverSelectionTest {
  private static final IoDriverOptions OPTIONS = new IoDriverOptions(8, 16, 2, 64, Ticker.SYSTEM);
  private static final IoDriverProvider NIO = new NioDriverProvider();

  private record Refusing(String name, int priority, @Nullable String cause, String failure)
      implements IoDriverProvider {
    @Override
    public @Nullable String unavailabilityCause() {
      return cause;
    }

    @Override
    public IoDriver create(IoDriverOptions options) {
      throw new RingletException(failure);
    }
  }

  @Test
  void theBestThatCanBeUsedIsTaken() {
    var refused = new Refusing("best", 100, "EPERM, not permitted here", "not asked");
    try (LogCapture log = LogCapture.of(DriverSelection.class)) {
      DriverSelection selection = DriverSelection.select(ExecutorPool.AUTO, List.of(refused, NIO));
      IoDriver driver = selection.create(OPTIONS, 0);
      driver.close((request, result, payload, more) -> {});
      assertEquals("nio", driver.name());
      assertEquals(List.of("I/O driver nio; not best: EPERM, not permitted here"), log.warnings());
    }
  }

  @Test
  void whereCreationFailsTheNextIsTaken() {
    var broken = new Refusing("best", 100, null, "ENOMEM, out of locked memory");
    try (LogCapture log = LogCapture.of(DriverSelection.class)) {
      IoDriver driver =
          DriverSelection.select(ExecutorPool.AUTO, List.of(broken, NIO)).create(OPTIONS, 3);
      driver.close((request, result, payload, more) -> {});
      assertEquals("nio", driver.name());
      assertEquals(
          List.of("executor 3: I/O driver nio; not best: ENOMEM, out of locked memory"),
          log.warnings());
    }
  }

  @Test
  void whatIsForcedAndCannotBeUsedIsAnError() {
    var refused = new Refusing("best", 100, "EPERM, not permitted here", "not asked");
    RingletException failure =
        assertThrows(
            RingletException.class, () -> DriverSelection.select("best", List.of(refused, NIO)));
    assertTrue(failure.getMessage().contains("EPERM"), failure.getMessage());
  }

  @Test
  void anUnknownDriverIsAnErrorThatNamesTheKnownOnes() {
    RingletException failure =
        assertThrows(RingletException.class, () -> Systems.open("kqueue", 1));
    assertTrue(failure.getMessage().contains("\"kqueue\""), failure.getMessage());
    assertTrue(failure.getMessage().contains("uring, nio or auto"), failure.getMessage());
  }

  @Test
  void thePropertyForcesADriver() {
    String before = System.getProperty("ringlet.driver");
    System.setProperty("ringlet.driver", "nio");
    try (ActorSystem system = ActorSystem.create("forced", ExecutorPool.of(1))) {
      assertEquals("nio", system.executors().get(0).driver());
    } finally {
      if (before == null) {
        System.clearProperty("ringlet.driver");
      } else {
        System.setProperty("ringlet.driver", before);
      }
    }
  }

  /** All or nothing: one executor that cannot start ends those that did. */
  @Test
  void aSystemThatCannotStartLeavesNoThread() {
    ExecutorPool impossible = Systems.pool("nio", 2).withReceiveBuffers(32_768, 1 << 20);
    RingletException failure =
        assertThrows(RingletException.class, () -> ActorSystem.create("impossible", impossible));
    assertTrue(failure.getMessage().contains("impossible"), failure.getMessage());
    Systems.awaitUntil(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("ringlet-impossible")));
  }
}
