package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.RingletException;
import dev.ringlet.executor.ExecutorPool;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The I/O drivers that the same tests run on. */
public final class Drivers {
  private static final @Nullable String URING_MISSING = probe();

  private Drivers() {}

  /** For {@code @MethodSource}; a test begins with {@link #assumeAvailable}. */
  public static Stream<String> all() {
    return Stream.of("uring", "nio");
  }

  /** Skips the test, with the cause, where the kernel does not have the driver. */
  public static void assumeAvailable(String driver) {
    Assumptions.assumeTrue(
        !driver.equals("uring") || URING_MISSING == null, () -> "no io_uring: " + URING_MISSING);
  }

  private static @Nullable String probe() {
    try (ActorSystem system = ActorSystem.create("probe", ExecutorPool.of(1).withDriver("uring"))) {
      return system.executors().get(0).driver().equals("uring") ? null : "another driver took over";
    } catch (RingletException e) {
      return e.toString();
    }
  }
}
